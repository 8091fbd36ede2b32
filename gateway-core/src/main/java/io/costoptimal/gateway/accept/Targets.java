package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Target;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Request line to operation: a table of exact paths, so that no normalisation of dots, slashes or escapes can be argued
 * about. What is not in it does not exist. Stateless, any thread.
 */
public final class Targets {

    private static final String AZURE = "/openai";
    private static final String DEPLOYMENTS = AZURE + "/deployments/";
    private static final int ECHOED_PATH = 120;

    private static final Map<String, Endpoint> PATHS = new HashMap<>();
    private static final Map<String, Endpoint> OF_DEPLOYMENT = Map.of(
            "chat/completions", Endpoint.CHAT_COMPLETIONS,
            "completions", Endpoint.COMPLETIONS,
            "embeddings", Endpoint.EMBEDDINGS);

    static {
        for (Endpoint endpoint : Endpoint.values()) {
            if (endpoint == Endpoint.MODEL || endpoint == Endpoint.PREFLIGHT) {
                continue;
            }
            PATHS.put(endpoint.path(), endpoint);
            if (endpoint.path().startsWith("/v1/") && endpoint.family() == ApiFamily.OPENAI) {
                PATHS.put(AZURE + endpoint.path(), endpoint);
            }
        }
    }

    private Targets() {}

    /** What {@code request} asks for; without an endpoint when nothing is there. */
    public static Target of(HttpRequest request) {
        String uri = request.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        String query = mark < 0 ? null : uri.substring(mark + 1);
        Endpoint endpoint = PATHS.get(path);
        if (endpoint != null) {
            return new Target(endpoint, family(request, path, endpoint), query, null);
        }
        if (path.startsWith(Endpoint.MODEL.path())) {
            return named(
                    request,
                    Endpoint.MODEL,
                    path.substring(Endpoint.MODEL.path().length()),
                    query);
        }
        if (path.startsWith(AZURE + Endpoint.MODEL.path())) {
            return named(
                    request,
                    Endpoint.MODEL,
                    path.substring(AZURE.length() + Endpoint.MODEL.path().length()),
                    query);
        }
        if (path.startsWith(DEPLOYMENTS)) {
            return deployment(request, path.substring(DEPLOYMENTS.length()), query);
        }
        return new Target(null, family(request, path, null), query, null);
    }

    /** Why {@code target} is not served with the request's method; {@code null} when it is. */
    public static Rejection refusal(HttpRequest request, Target target) {
        String method = request.method().name();
        Endpoint endpoint = target.endpoint();
        if (endpoint == null) {
            return Rejection.of(404, null, "Invalid URL (" + method + " " + shown(request.uri()) + ")");
        }
        boolean get = endpoint.method().equals("GET");
        if (method.equals(endpoint.method()) || get && method.equals("HEAD")) {
            return null;
        }
        if (method.equals("GET") && Upgrades.asked(request.headers())) {
            return Upgrades.REFUSAL;
        }
        String allowed = get ? "GET, HEAD" : endpoint.method();
        return new Rejection(
                405, null, null, "Not allowed: " + method + " (expected: " + allowed + ")", Map.of("allow", allowed));
    }

    private static Target deployment(HttpRequest request, String rest, String query) {
        int slash = rest.indexOf('/');
        Endpoint endpoint = slash < 0 ? null : OF_DEPLOYMENT.get(rest.substring(slash + 1));
        return named(request, endpoint, slash < 0 ? rest : rest.substring(0, slash), query);
    }

    /** Split first, decoded after: an escaped slash is a part of the name. */
    private static Target named(HttpRequest request, Endpoint endpoint, String segment, String query) {
        String name = endpoint == null || segment.indexOf('/') >= 0 ? null : decode(segment);
        return name == null
                ? new Target(null, family(request, "", null), query, null)
                : new Target(endpoint, family(request, "", endpoint), query, name);
    }

    private static ApiFamily family(HttpRequest request, String path, Endpoint endpoint) {
        if (endpoint == null) {
            return path.startsWith(Endpoint.MESSAGES.path()) || speaksAnthropic(request)
                    ? ApiFamily.ANTHROPIC
                    : ApiFamily.OPENAI;
        }
        boolean shared = endpoint == Endpoint.MODELS || endpoint == Endpoint.MODEL;
        return shared && speaksAnthropic(request) ? ApiFamily.ANTHROPIC : endpoint.family();
    }

    private static boolean speaksAnthropic(HttpRequest request) {
        return request.headers().contains("anthropic-version");
    }

    /** The name that a path segment holds; {@code null} when it is empty, a dot segment, or holds what no name does. */
    private static String decode(String segment) {
        byte[] bytes = new byte[segment.length()];
        int n = 0;
        for (int i = 0; i < segment.length(); i++) {
            int c = segment.charAt(i);
            if (c == '%') {
                c = i + 2 < segment.length() ? hex(segment.charAt(i + 1)) << 4 | hex(segment.charAt(i + 2)) : -1;
                i += 2;
            }
            if (c < 0x20 || c == 0x7f) {
                return null;
            }
            bytes[n++] = (byte) c;
        }
        try {
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, n))
                    .toString();
            return name.isEmpty() || name.equals(".") || name.equals("..") ? null : name;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** -1 for what is no digit, so that anything built from it is negative. */
    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static String shown(String uri) {
        int mark = uri.indexOf('?');
        int end = Math.min(mark < 0 ? uri.length() : mark, ECHOED_PATH);
        return uri.substring(0, end);
    }
}
