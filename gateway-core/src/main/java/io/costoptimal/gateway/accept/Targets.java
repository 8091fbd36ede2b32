package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Endpoint.Handling;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.http.PathRules;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Request line to operation: a table of exact paths. What is not in it does not exist, and a path that others could read
 * differently ({@link PathRules}) is refused before a model's name is looked for in it. Stateless, any thread.
 */
public final class Targets {

    private static final String AZURE = "/openai";
    private static final String DEPLOYMENTS = AZURE + "/deployments/";
    private static final String VERSION = "/v1";
    private static final String MODEL = "model";
    private static final int ECHOED_PATH = 120;

    private static final Map<String, Endpoint> PATHS = new HashMap<>();

    /** What Azure serves below a deployment. */
    private static final Map<String, Endpoint> OF_DEPLOYMENT = new HashMap<>();

    /** What precedes the name in the paths of one model. */
    private static final List<String> BEFORE_MODEL =
            List.of(Endpoint.MODEL.path(), AZURE + Endpoint.MODEL.path(), AZURE + withoutVersion(Endpoint.MODEL));

    static {
        for (Endpoint endpoint : Endpoint.values()) {
            if (endpoint == Endpoint.MODEL || endpoint == Endpoint.PREFLIGHT) {
                continue;
            }
            PATHS.put(endpoint.path(), endpoint);
            if (endpoint.path().startsWith(VERSION + "/") && endpoint.family() == ApiFamily.OPENAI) {
                PATHS.put(AZURE + endpoint.path(), endpoint);
                if (endpoint.handling() == Handling.PROXIED) {
                    OF_DEPLOYMENT.put(withoutVersion(endpoint).substring(1), endpoint);
                }
            }
        }
        // Azure names these without a version and without a deployment.
        for (Endpoint endpoint : List.of(Endpoint.RESPONSES, Endpoint.RESPONSES_INPUT_TOKENS, Endpoint.MODELS)) {
            PATHS.put(AZURE + withoutVersion(endpoint), endpoint);
        }
    }

    private Targets() {}

    private static String withoutVersion(Endpoint endpoint) {
        return endpoint.path().substring(VERSION.length());
    }

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
        if (!PathRules.isAmbiguous(path)) {
            for (String before : BEFORE_MODEL) {
                if (path.startsWith(before)) {
                    return named(request, Endpoint.MODEL, path.substring(before.length()), query);
                }
            }
            if (path.startsWith(DEPLOYMENTS)) {
                return deployment(request, path.substring(DEPLOYMENTS.length()), query);
            }
        }
        return new Target(null, family(request, path, null), query, null);
    }

    /** Why {@code target} is not served with the request's method; {@code null} when it is. */
    public static Rejection refusal(HttpRequest request, Target target) {
        String method = request.method().name();
        Endpoint endpoint = target.endpoint();
        if (endpoint == null) {
            return isAmbiguous(request.uri())
                    ? Rejection.badRequest("The path must not have dot segments, empty segments, backslashes, or"
                            + " slashes, backslashes or dots that are percent-encoded.")
                    : Rejection.of(404, null, "Invalid URL (" + method + " " + shown(request.uri()) + ")");
        }
        boolean get = endpoint.method().equals("GET");
        if (!method.equals(endpoint.method()) && !(get && method.equals("HEAD"))) {
            if (method.equals("GET") && Upgrades.asked(request.headers())) {
                return Upgrades.REFUSAL;
            }
            String allowed = get ? "GET, HEAD" : endpoint.method();
            String message = "Not allowed: " + method + " (expected: " + allowed + ")";
            return new Rejection(405, null, null, message, Map.of("allow", allowed));
        }
        boolean named = target.query() != null && endpoint.handling() == Handling.PROXIED && namesModel(target.query());
        return named ? Rejection.badModel("The model belongs in the body, not in the query.") : null;
    }

    private static boolean isAmbiguous(String uri) {
        int mark = uri.indexOf('?');
        return PathRules.isAmbiguous(mark < 0 ? uri : uri.substring(0, mark));
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

    private static Target deployment(HttpRequest request, String rest, String query) {
        int slash = rest.indexOf('/');
        Endpoint endpoint = slash < 0 ? null : OF_DEPLOYMENT.get(rest.substring(slash + 1));
        return named(request, endpoint, slash < 0 ? rest : rest.substring(0, slash), query);
    }

    /** @param name as it stands in the path; only that of {@code /v1/models/{id}} may have slashes */
    private static Target named(HttpRequest request, Endpoint endpoint, String name, String query) {
        String model = endpoint == null || name.endsWith("/") ? null : decode(name);
        return model == null
                ? new Target(null, family(request, "", null), query, null)
                : new Target(endpoint, family(request, "", endpoint), query, model);
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
