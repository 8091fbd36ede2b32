package io.costoptimal.gateway.exchange;

import java.util.Map;

/**
 * A request the gateway answers itself, with an error. A stage writes it outbound ({@code ctx.writeAndFlush(rejection)});
 * the client connection gives it the shape of the client's API.
 *
 * @param status HTTP status
 * @param code the OpenAI error code; {@code null} when there is none
 * @param param the OpenAI error's {@code param}; {@code null} when there is none
 * @param message for people; holds nothing of the body but a model name, and no secret
 * @param headers extra response headers, such as {@code Allow} and {@code Retry-After}
 */
public record Rejection(int status, String code, String param, String message, Map<String, String> headers) {

    public Rejection {
        headers.forEach(Rejection::requireOneLine);
    }

    /** Trap 48: a line end in a value would begin a field, or an answer, of somebody else's making. */
    static void requireOneLine(String name, String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(name + ": holds a line end");
        }
    }

    public static Rejection of(int status, String code, String message) {
        return new Rejection(status, code, null, message, Map.of());
    }

    public static Rejection badRequest(String message) {
        return of(400, null, message);
    }

    public static Rejection badModel(String message) {
        return new Rejection(400, null, "model", message, Map.of());
    }

    /** A body that does not say which model it is for, where nobody serves such. */
    public static Rejection missingModel() {
        return badModel("you must provide a model parameter");
    }

    public static Rejection unknownModel(String model) {
        return of(404, "model_not_found", "The model `" + model + "` does not exist or you do not have access to it.");
    }

    public static Rejection overloaded(String message) {
        return new Rejection(503, "server_is_overloaded", null, message, Map.of("retry-after", "1"));
    }

    /** A defect of ours; says nothing about it to the client. */
    public static Rejection internal() {
        return of(500, "server_error", "The gateway failed to handle this request.");
    }

    /** Whether the client's connection ends with this answer even if the whole request had been read. */
    public boolean closes() {
        return status < 500 && status != 403 && status != 404 && status != 405;
    }

    /** Whether sending the same request again may help; else the answer says {@code x-should-retry: false}. */
    public boolean retryable() {
        return status == 408 || status >= 502;
    }

    /** The {@code error.type} of the OpenAI API. */
    public String openAiType() {
        return status >= 500 ? "server_error" : "invalid_request_error";
    }

    /** The {@code error.type} of the Anthropic API. */
    public String anthropicType() {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404, 405 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
