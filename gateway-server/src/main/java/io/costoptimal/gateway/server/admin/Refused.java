package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.http.JsonText;
import java.nio.charset.StandardCharsets;

/**
 * A question that is not answered. What the client gets of it is a JSON object:
 * {@code {"error": {"code": "invalid_parameter", "parameter": "limit", "message": "limit: 0 (expected: 1 to 1000)"}}}.
 */
public final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String parameter;

    /**
     * @param status of HTTP, 400 or more
     * @param code a word for programs
     * @param message a sentence for people; may repeat what the client sent
     */
    public Refused(int status, String code, String message) {
        this(status, code, null, message);
    }

    private Refused(int status, String code, String parameter, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.parameter = parameter;
    }

    /**
     * A parameter, or a member of the body, that is not what it must be.
     *
     * @param expected what it must be
     */
    public static Refused parameter(String name, String value, String expected) {
        return new Refused(400, "invalid_parameter", name, name + ": " + value + " (expected: " + expected + ")");
    }

    /** Too much is asked at once, or a question takes too long. */
    public static Refused busy(String code, String message) {
        return new Refused(503, code, message);
    }

    /** The status of HTTP. */
    public int status() {
        return status;
    }

    /** What the client gets. */
    public Answer answer() {
        StringBuilder json = new StringBuilder("{\"error\":{\"code\":");
        JsonText.quote(json, code);
        if (parameter != null) {
            JsonText.quote(json.append(",\"parameter\":"), parameter);
        }
        JsonText.quote(json.append(",\"message\":"), getMessage()).append("}}\n");
        Answer answer = Answer.of(status, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
        return switch (status) {
            case 401 -> answer.with("www-authenticate", "Bearer");
            case 429, 503 -> answer.with("retry-after", status == 429 ? "60" : "1");
            default -> answer;
        };
    }
}
