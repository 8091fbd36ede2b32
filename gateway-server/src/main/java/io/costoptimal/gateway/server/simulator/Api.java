package io.costoptimal.gateway.server.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The operations the simulated provider answers. */
enum Api {
    CHAT("chat/completions"),
    COMPLETIONS("completions"),
    EMBEDDINGS("embeddings"),
    RESPONSES("responses"),
    RESPONSES_INPUT_TOKENS("responses/input_tokens"),
    MESSAGES("messages"),
    MESSAGES_COUNT_TOKENS("messages/count_tokens"),
    MODELS("models"),
    MODEL("models/");

    private static final String DEPLOYMENTS = "/openai/deployments/";
    private static final String[] ROOTS = {"/v1/", "/openai/v1/", "/openai/"};

    private final String path;

    Api(String path) {
        this.path = path;
    }

    /**
     * What a request line asks for.
     *
     * @param api the operation
     * @param name the Azure deployment or the model named by the path, decoded; else {@code null}
     * @param azure whether errors take Azure's shape
     */
    record Target(Api api, String name, boolean azure) {}

    /** Returns what {@code uri} asks for, or {@code null} when it is nothing we know. */
    static Target find(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        if (path.startsWith(DEPLOYMENTS)) {
            int end = path.indexOf('/', DEPLOYMENTS.length());
            Target found = end < 0 ? null : operation(path.substring(end + 1), true);
            return found == null
                    ? null
                    : new Target(found.api, decode(path.substring(DEPLOYMENTS.length(), end)), true);
        }
        for (String root : ROOTS) {
            if (path.startsWith(root)) {
                return operation(path.substring(root.length()), root != ROOTS[0]);
            }
        }
        return null;
    }

    /** What stands behind the root of the API in {@code path}, which has no query; {@code null} when it has no such root. */
    static String behindRoot(String path) {
        if (path.startsWith(DEPLOYMENTS)) {
            int end = path.indexOf('/', DEPLOYMENTS.length());
            return end < 0 ? null : path.substring(end + 1);
        }
        for (String root : ROOTS) {
            if (path.startsWith(root)) {
                return path.substring(root.length());
            }
        }
        return null;
    }

    private static Target operation(String rest, boolean azure) {
        for (Api api : values()) {
            if (api != MODEL && api.path.equals(rest)) {
                return new Target(api, null, azure);
            }
        }
        if (rest.startsWith(MODEL.path) && rest.indexOf('/', MODEL.path.length()) < 0) {
            return new Target(MODEL, decode(rest.substring(MODEL.path.length())), azure);
        }
        return null;
    }

    boolean anthropic() {
        return this == MESSAGES || this == MESSAGES_COUNT_TOKENS;
    }

    String method() {
        return this == MODELS || this == MODEL ? "GET" : "POST";
    }

    private static String decode(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
