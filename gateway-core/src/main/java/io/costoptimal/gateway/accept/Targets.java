package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.ServedPath;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.Target.InPath;
import io.costoptimal.gateway.http.PathRules;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Request line to operation, by the table {@link Operations}. What is not in it does not exist, and a path that others could
 * read differently ({@link PathRules}) is refused before a model's name is looked for in it. Stateless, any thread.
 */
public final class Targets {

    private static final String MODEL = "model";
    private static final int ECHOED_PATH = 120;

    private Targets() {}

    /** What {@code request} asks for, of what is in {@code table}; without an operation when nothing is there. */
    public static Target of(HttpRequest request, Operations table) {
        String uri = request.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        String query = mark < 0 ? null : uri.substring(mark + 1);
        ServedPath served = table.at(path);
        if (served != null) {
            Operation operation = operation(request, served);
            return new Target(operation, family(request, operation), query, null);
        }
        Operations.Found found = PathRules.isAmbiguous(path) ? null : table.matching(path);
        Target target = found == null ? null : withParameters(request, found, query);
        if (target != null) {
            return target;
        }
        ApiFamily family = speaksAnthropic(request) ? ApiFamily.ANTHROPIC : table.family(path);
        return new Target(null, family, query, null);
    }

    /** The operation that is asked for; where the path does not have the method, any of those that it has. */
    private static Operation operation(HttpRequest request, ServedPath served) {
        ApiFamily family = served.shared() && speaksAnthropic(request) ? ApiFamily.ANTHROPIC : ApiFamily.OPENAI;
        Operation operation = served.by(request.method().name(), family);
        return operation == null ? served.any(family) : operation;
    }

    /** {@code null} when a parameter is no name. */
    private static Target withParameters(HttpRequest request, Operations.Found found, String query) {
        Operation operation = operation(request, found.served());
        List<String> parameters = new ArrayList<>(found.parameters().size());
        for (String spelled : found.parameters()) {
            String parameter = isSpelledSoundly(spelled) ? decode(spelled) : null;
            if (parameter == null) {
                return null;
            }
            parameters.add(parameter);
        }
        boolean own = operation.hasParameters() && operation.model() == ModelPlace.NONE;
        InPath inPath = own ? new InPath(parameters, found.parameters()) : InPath.NONE;
        return new Target(operation, family(request, operation), query, parameters.get(0), inPath);
    }

    /** Whether only characters of a path stand in it (RFC 3986, 3.3), so that it means the same in any other path. */
    private static boolean isSpelledSoundly(String spelled) {
        return spelled.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\"#<>?[]^`{|}".indexOf(c) < 0);
    }

    /** What the gateway answers itself belongs to both APIs. */
    private static ApiFamily family(HttpRequest request, Operation operation) {
        boolean shared = operation.handling() == Handling.LOCAL;
        return shared && speaksAnthropic(request) ? ApiFamily.ANTHROPIC : operation.family();
    }

    /** Why {@code target}, which {@code table} has, is not served with the request's method; {@code null} when it is. */
    public static Rejection refusal(HttpRequest request, Target target, Operations table) {
        String method = request.method().name();
        Operation operation = target.operation();
        if (operation == null) {
            return isAmbiguous(request.uri())
                    ? Rejection.badRequest("The path must not have dot segments, empty segments, backslashes, or"
                            + " slashes, backslashes or dots that are percent-encoded.")
                    : Rejection.of(
                            404, null, "Invalid URL (" + method + " " + shown(request.uri()) + ")" + help(request));
        }
        boolean served = method.equals(operation.method()) || method.equals("HEAD") && servesHead(operation);
        if ((!served || operation.proxied()) && method.equals("GET") && Upgrades.asked(request.headers())) {
            return Upgrades.REFUSAL;
        }
        if (!served) {
            String allowed = allowed(request.uri(), table);
            String message = "Not allowed: " + method + " (expected: " + allowed + ")";
            return new Rejection(405, null, null, message, Map.of("allow", allowed));
        }
        boolean named = target.query() != null && operation.proxied() && namesModel(target.query());
        return named ? Rejection.badModel("The model belongs in the body, not in the query.") : null;
    }

    private static String help(HttpRequest request) {
        return PathRules.isPlain(path(request.uri())) ? ": an entry of `routes` can allow it." : ".";
    }

    private static boolean servesHead(Operation operation) {
        return operation.method().equals("GET") && !operation.proxied();
    }

    private static String allowed(String uri, Operations table) {
        String path = path(uri);
        ServedPath served = table.at(path);
        return served == null ? table.matching(path).served().allowed() : served.allowed();
    }

    private static boolean isAmbiguous(String uri) {
        return PathRules.isAmbiguous(path(uri));
    }

    private static String path(String uri) {
        int mark = uri.indexOf('?');
        return mark < 0 ? uri : uri.substring(0, mark);
    }

    /**
     * Whether some service could find a model in the query: several take parameters from there as well, which would be one
     * more name than the one that was judged. Older ones separate parameters by {@code ;} too, as HTML 4 recommended.
     */
    private static boolean namesModel(String query) {
        for (String parameter : query.split("[&;]")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            // Readers that keep text in C strings see it end there.
            int nul = name.indexOf("%00");
            name = nul < 0 ? name : name.substring(0, nul);
            if (name.equalsIgnoreCase(MODEL) || MODEL.equalsIgnoreCase(decode(name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean speaksAnthropic(HttpRequest request) {
        return request.headers().contains("anthropic-version");
    }

    /** The name that a piece of a path holds; {@code null} when it is empty, or holds what no name does. */
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
            return name.isEmpty() || name.chars().anyMatch(Character::isISOControl) ? null : name;
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
