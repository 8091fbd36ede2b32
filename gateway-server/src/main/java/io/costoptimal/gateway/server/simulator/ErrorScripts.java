package io.costoptimal.gateway.server.simulator;

/** Error answers in the shape of each API. */
final class ErrorScripts {

    private ErrorScripts() {}

    /**
     * An error to answer.
     *
     * @param status HTTP status
     * @param type {@code error.type}; {@code null} derives it from the status
     * @param code {@code error.code}, which Anthropic does not have
     * @param param {@code error.param}, likewise
     * @param message for people
     */
    record Problem(int status, String type, String code, String param, String message) {

        static Problem of(int status, String message) {
            return new Problem(status, null, null, null, message);
        }
    }

    /** The error that {@code fault} stands for; its kind is one of those that are answers. */
    static Problem problem(Fault fault) {
        return switch (fault.kind()) {
            case QUOTA ->
                new Problem(429, "insufficient_quota", "insufficient_quota", null, "You exceeded your current quota.");
            case CONTENT_FILTER ->
                new Problem(400, "invalid_request_error", "content_filter", "prompt", "The response was filtered.");
            case CONTEXT_LENGTH ->
                new Problem(
                        400,
                        "invalid_request_error",
                        "context_length_exceeded",
                        "messages",
                        "This model's maximum context length is 8192 tokens.");
            default -> Problem.of(fault.status(), "Simulated status " + fault.status() + ".");
        };
    }

    static Script of(Problem problem, boolean anthropic, boolean azure) {
        String message = Json.quote(problem.message);
        if (anthropic) {
            return Script.whole(
                    "{\"type\":\"error\",\"error\":{\"type\":\"" + anthropicType(problem.status) + "\",\"message\":"
                            + message + "},\"request_id\":\"req_sim\"}",
                    "");
        }
        String code = problem.code == null ? code(problem.status) : "\"" + problem.code + "\"";
        if (azure) {
            String named = problem.code == null ? "\"" + problem.status + "\"" : code;
            return Script.whole("{\"error\":{\"code\":" + named + ",\"message\":" + message + "}}", "");
        }
        String type = problem.type == null ? openAiType(problem.status) : problem.type;
        String param = problem.param == null ? "null" : "\"" + problem.param + "\"";
        return Script.whole(
                "{\"error\":{\"message\":" + message + ",\"type\":\"" + type + "\",\"param\":" + param + ",\"code\":"
                        + code + "}}",
                "");
    }

    private static String code(int status) {
        return switch (status) {
            case 401 -> "\"invalid_api_key\"";
            case 429 -> "\"rate_limit_exceeded\"";
            case 503 -> "\"server_is_overloaded\"";
            default -> "null";
        };
    }

    private static String openAiType(int status) {
        return switch (status) {
            case 429 -> "requests";
            case 503 -> "service_unavailable_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
