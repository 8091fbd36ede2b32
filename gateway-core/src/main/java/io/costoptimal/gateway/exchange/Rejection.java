package io.costoptimal.gateway.exchange;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A request the gateway answers itself, with an error. It gets the shape of the client's API when it is answered.
 *
 * @param status HTTP status
 * @param code the OpenAI error code; {@code null} when there is none
 * @param param the OpenAI error's {@code param}; {@code null} when there is none
 * @param message for people; holds nothing of the body but a model name, and no secret
 * @param headers extra response headers, such as {@code Allow} and {@code Retry-After}
 */
public record Rejection(int status, String code, String param, String message, Map<String, String> headers) {

    /** RFC 9110, 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** The field by which clients of both APIs are told whether to try again, whatever the status. */
    public static final String SHOULD_RETRY = "x-should-retry";

    public Rejection {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
        }
        headers.forEach(Rejection::requireField);
    }

    /**
     * Whoever asks so often may ask again later.
     *
     * @param message for people
     * @param retryAfter told in whole seconds, at least one
     */
    public static Rejection tooMany(String message, Duration retryAfter) {
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        return new Rejection(429, "rate_limit_exceeded", null, message, Map.of("retry-after", Long.toString(seconds)));
    }

    /** What the engine says of an answer by itself, and nobody else may (RFC 9110, 8.6 and 7.6.1; RFC 9112, 6.1). */
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "trailer", "keep-alive", "proxy-connection");

    /** A field that may be added to an answer. */
    static void requireField(String name, String value) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a header field: not a token");
        }
        if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name + ": the gateway's own to set");
        }
        requireOneLine(name, value);
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

    /** The client took longer to send its request than it may. */
    public static Rejection tooSlow() {
        return of(408, null, "The request did not arrive in time.");
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

    /**
     * No provider gave an answer that the client may have. Says what kind of failure it was and no more: its cause may name
     * hosts, which are the operator's business.
     */
    public static Rejection upstreamFailed(UpstreamFailure failure) {
        if (failure.kind() == UpstreamFailure.Kind.CREDENTIAL_REFUSED) {
            return new Rejection(
                    502,
                    "upstream_error",
                    null,
                    "The provider refused the credential of this gateway. Its operator must mend that.",
                    Map.of(SHOULD_RETRY, "false"));
        }
        if (failure.kind() == UpstreamFailure.Kind.NO_CREDENTIAL) {
            return overloaded("The gateway has no credential for the provider at present; try again.");
        }
        return switch (failure.status()) {
            case 503 -> overloaded("All connections to the provider are in use.");
            case 504 -> of(504, "upstream_timeout", "The provider did not answer in time.");
            default -> of(502, "upstream_error", "The provider could not be reached or gave no valid answer.");
        };
    }

    /**
     * A rule refuses what it matches.
     *
     * @param status 400 to 499, or 503
     * @param message the operator's
     */
    public static Rejection byRule(int status, String message) {
        Map<String, String> headers = status < 500 ? Map.of(SHOULD_RETRY, "false") : Map.of("retry-after", "1");
        return new Rejection(status, "rejected_by_rule", null, message, headers);
    }

    /** A defect of ours; says nothing about it to the client. */
    public static Rejection internal() {
        return of(500, "server_error", "The gateway failed to handle this request.");
    }

    /**
     * Whether the client's connection ends with this answer even if the whole request had been read: where the request's
     * framing, size or key were wrong, so that what follows on the connection is better not read.
     */
    public boolean closes() {
        return switch (status) {
            case 400, 401, 408, 411, 413, 414, 415, 417, 421, 426, 431 -> true;
            default -> false;
        };
    }

    /**
     * Whether sending the same request again may help; if not, the answer says {@code x-should-retry: false}, because the
     * official clients repeat every 408, 409, 429 and 5xx otherwise. A field of that name among {@link #headers} decides.
     * When to try again is for {@code retry-after} to say.
     */
    public boolean retryable() {
        String said = header(SHOULD_RETRY);
        if (said != null) {
            return said.equals("true");
        }
        return switch (status) {
            case 408, 429, 502, 503, 504, 529 -> true;
            default -> false;
        };
    }

    /** The value of the extra field {@code name}; {@code null} when there is none. */
    public String header(String name) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    /** The {@code error.type} of the OpenAI API. */
    public String openAiType() {
        return status == 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error";
    }

    /** The {@code error.type} of the Anthropic API. */
    public String anthropicType() {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404, 405 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 409 -> "conflict_error";
            case 503, 529 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
