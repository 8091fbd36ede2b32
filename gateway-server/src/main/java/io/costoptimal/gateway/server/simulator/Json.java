package io.costoptimal.gateway.server.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/** JSON in and out, as far as a simulated provider needs it. */
public final class Json {

    private Json() {}

    /** Returns {@code text} as a JSON string, quotes included. */
    static String quote(CharSequence text) {
        StringBuilder out = new StringBuilder(text.length() + 16).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return out.append('"').toString();
    }

    /** Returns {@code text} as the inside of a JSON string. */
    static String escape(CharSequence text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return out.toString();
    }

    /** Reads the value the parser stands on as maps, lists, strings, numbers, booleans and {@code null}. */
    public static Object value(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    members.put(name, value(in));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(in));
                }
                yield items;
            }
            case VALUE_STRING -> in.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getNumberValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    /** The member {@code name} of {@code object}, or {@code null} when there is none or {@code object} is no object. */
    static Object member(Object object, String name) {
        return object instanceof Map<?, ?> members ? members.get(name) : null;
    }
}
