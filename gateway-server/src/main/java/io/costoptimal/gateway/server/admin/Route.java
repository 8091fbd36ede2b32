package io.costoptimal.gateway.server.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that can be asked. Immutable.
 *
 * @param method {@code GET}, which serves HEAD too, or {@code POST}
 * @param path such as {@code /usage/{request_id}}; a variable stands for one segment, a last one with a star for the rest
 * @param access who may ask
 * @param threads where it is answered
 * @param endpoint answers it
 */
public record Route(String method, String path, Access access, Threads.Kind threads, Endpoint endpoint) {

    /** Who may ask. */
    public enum Access {
        /** Everybody, by whatever name they call the gateway: balancers and orchestrators ask whether it lives. */
        HEALTH,
        /** Everybody: nothing of this gateway is told. */
        OPEN,
        /** Everybody on loopback, elsewhere whoever has an admin key. */
        OPEN_ON_LOOPBACK,
        /** Whoever has an admin key, or a session that was begun with one. */
        KEY
    }

    /** Answers a request, on the threads of its route. */
    @FunctionalInterface
    public interface Endpoint {

        /**
         * Answers.
         *
         * @throws Refused when the client gets an error that says why
         * @throws Exception when the client gets a 500 and the log the reason; {@link InterruptedException} and what comes of
         *     it when nobody waits for the answer any more
         */
        Answer answer(Request request) throws Exception;
    }

    /** A question that reads: for whoever has an admin key. */
    public static Route get(String path, Threads.Kind threads, Endpoint endpoint) {
        return new Route("GET", path, Access.KEY, threads, endpoint);
    }

    /** A question with a JSON body: for whoever has an admin key. */
    public static Route post(String path, Threads.Kind threads, Endpoint endpoint) {
        return new Route("POST", path, Access.KEY, threads, endpoint);
    }

    /** The same route for others. */
    public Route openTo(Access others) {
        return new Route(method, path, others, threads, endpoint);
    }

    /** What the variables of this route are in {@code asked}; {@code null} when the path is another. */
    Map<String, String> match(String asked) {
        String[] wanted = path.split("/", -1);
        boolean open = path.endsWith("*}");
        String[] given = asked.split("/", open ? wanted.length : -1);
        if (given.length != wanted.length) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                String name = wanted[i].substring(1, wanted[i].length() - 1).replace("*", "");
                variables.put(name, decoded(given[i]));
            } else if (!wanted[i].equals(given[i])) {
                return null;
            }
        }
        return variables;
    }

    private static String decoded(String segment) {
        try {
            // In a path, a plus is a plus.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }

    /** The methods of {@code routes} for an Allow field (RFC 9110, 10.2.1). */
    static String allowed(List<Route> routes) {
        boolean get = routes.stream().anyMatch(route -> route.method.equals("GET"));
        boolean post = routes.stream().anyMatch(route -> route.method.equals("POST"));
        return get ? post ? "GET, HEAD, POST" : "GET, HEAD" : "POST";
    }
}
