package io.costoptimal.gateway.exchange;

/** The operations the gateway serves. Everything else is answered 404 or 405 before authentication. */
public enum Endpoint {
    CHAT_COMPLETIONS("/v1/chat/completions", ApiFamily.OPENAI, Handling.PROXIED),
    RESPONSES("/v1/responses", ApiFamily.OPENAI, Handling.PROXIED),
    RESPONSES_INPUT_TOKENS("/v1/responses/input_tokens", ApiFamily.OPENAI, Handling.PROXIED),
    COMPLETIONS("/v1/completions", ApiFamily.OPENAI, Handling.PROXIED),
    EMBEDDINGS("/v1/embeddings", ApiFamily.OPENAI, Handling.PROXIED),
    MESSAGES("/v1/messages", ApiFamily.ANTHROPIC, Handling.PROXIED),
    MESSAGES_COUNT_TOKENS("/v1/messages/count_tokens", ApiFamily.ANTHROPIC, Handling.PROXIED),
    /** The list of models; answered in the family of the client, see {@link Target#family()}. */
    MODELS("/v1/models", ApiFamily.OPENAI, Handling.LOCAL),
    /** One model, {@code /v1/models/{id}}. */
    MODEL("/v1/models/", ApiFamily.OPENAI, Handling.LOCAL),
    /** What browsers, load balancers and tools ask to see whether anybody is there. */
    ROOT("/", ApiFamily.OPENAI, Handling.OPEN),
    /** A browser asks whether a page may send its request; on every path, where pages may come at all. */
    PREFLIGHT("*", ApiFamily.OPENAI, Handling.OPEN),
    HEALTH("/healthz", ApiFamily.OPENAI, Handling.OPEN),
    READY("/readyz", ApiFamily.OPENAI, Handling.OPEN);

    /** Who answers an operation, and whether a key is needed. */
    public enum Handling {
        /** Authenticated, routed and sent to a provider. */
        PROXIED,
        /** Authenticated and answered by {@link LocalService}. */
        LOCAL,
        /** Answered by {@link LocalService} without a key. */
        OPEN
    }

    private final String path;
    private final ApiFamily family;
    private final Handling handling;

    Endpoint(String path, ApiFamily family, Handling handling) {
        this.path = path;
        this.family = family;
        this.handling = handling;
    }

    /** The canonical path, as the public APIs spell it; what rules see as {@code Path}. */
    public String path() {
        return path;
    }

    public ApiFamily family() {
        return family;
    }

    public Handling handling() {
        return handling;
    }

    /** Whether a body may leave the model out: a stored prompt, for one, names its own. */
    public boolean modelOptional() {
        return this == RESPONSES || this == RESPONSES_INPUT_TOKENS;
    }

    /** The one method the operation takes. {@code HEAD} is served wherever {@code GET} is. */
    public String method() {
        if (this == PREFLIGHT) {
            return "OPTIONS";
        }
        return handling == Handling.PROXIED ? "POST" : "GET";
    }
}
