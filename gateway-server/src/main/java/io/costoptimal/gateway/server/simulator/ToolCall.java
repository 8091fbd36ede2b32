package io.costoptimal.gateway.server.simulator;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A call of one of the request's tools.
 *
 * @param name of the tool
 * @param arguments a JSON object that has the properties the tool's schema requires, each with a fixed value of its type
 */
record ToolCall(String name, String arguments) {

    /** Decides whether a tool is called: when the request forces one, or says "call the tool" and has no result yet. */
    static ToolCall choose(List<?> tools, Object choice, byte[] body) {
        if (tools.isEmpty() || "none".equals(choice) || "none".equals(Json.member(choice, "type"))) {
            return null;
        }
        String wanted = wanted(choice);
        boolean forced = wanted != null || "required".equals(choice) || "any".equals(Json.member(choice, "type"));
        if (!forced && (answered(body) || !Ask.mentions(body, "call the tool"))) {
            return null;
        }
        for (Object tool : tools) {
            Object function = Json.member(tool, "function") == null ? tool : Json.member(tool, "function");
            if (Json.member(function, "name") instanceof String name && (wanted == null || wanted.equals(name))) {
                Object schema = Json.member(function, "parameters");
                return new ToolCall(name, arguments(schema == null ? Json.member(function, "input_schema") : schema));
            }
        }
        return null;
    }

    /** The tool that {@code choice} names, in any of the APIs' shapes. */
    private static String wanted(Object choice) {
        Object named = Json.member(choice, "function") == null ? choice : Json.member(choice, "function");
        return Json.member(named, "name") instanceof String name ? name : null;
    }

    private static boolean answered(byte[] body) {
        return Ask.mentions(body, "\"tool_call_id\"")
                || Ask.mentions(body, "\"tool_result\"")
                || Ask.mentions(body, "\"function_call_output\"");
    }

    private static String arguments(Object schema) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        if (Json.member(schema, "properties") instanceof Map<?, ?> properties
                && Json.member(schema, "required") instanceof List<?> required) {
            for (Object name : required) {
                members.add(Json.quote(String.valueOf(name)) + ":" + example(properties.get(name)));
            }
        }
        return members.toString();
    }

    private static String example(Object property) {
        if (Json.member(property, "enum") instanceof List<?> values && !values.isEmpty()) {
            return values.get(0) instanceof String text ? Json.quote(text) : String.valueOf(values.get(0));
        }
        return switch (String.valueOf(Json.member(property, "type"))) {
            case "integer", "number" -> "1";
            case "boolean" -> "true";
            case "array" -> "[]";
            case "object" -> arguments(property);
            case "null" -> "null";
            default -> "\"simulated\"";
        };
    }
}
