package io.costoptimal.gateway.http;

import static io.costoptimal.gateway.http.JsonText.quote;

import java.nio.charset.StandardCharsets;

/** Error bodies as the two APIs write them; every value is escaped, so it may hold anything. Stateless, any thread. */
public final class ErrorBodies {

    private ErrorBodies() {}

    /**
     * {@code {"error":{"message":..,"type":..,"param":..,"code":..}}}; all four members are always there.
     *
     * @param param {@code null} becomes JSON's null
     * @param code {@code null} becomes JSON's null
     */
    public static byte[] openAi(String message, String type, String param, String code) {
        StringBuilder json = new StringBuilder(128 + message.length());
        json.append("{\"error\":{\"message\":");
        quote(json, message).append(",\"type\":");
        quote(json, type).append(",\"param\":");
        quote(json, param).append(",\"code\":");
        quote(json, code).append("}}");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code {"type":"error","error":{"type":..,"message":..},"request_id":..}}. */
    public static byte[] anthropic(String message, String type, String requestId) {
        StringBuilder json = new StringBuilder(128 + message.length());
        json.append("{\"type\":\"error\",\"error\":{\"type\":");
        quote(json, type).append(",\"message\":");
        quote(json, message).append("},\"request_id\":");
        quote(json, requestId).append('}');
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
