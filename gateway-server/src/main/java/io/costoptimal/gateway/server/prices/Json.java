package io.costoptimal.gateway.server.prices;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON document as maps, lists, texts, booleans, {@code null} and numbers, whose digits are kept as they were written.
 * Stateless.
 */
final class Json {

    private static final JsonFactory JSON = new JsonFactory();

    /** Deeper than lists of prices are. */
    private static final int MAX_DEPTH = 32;

    private Json() {}

    /**
     * A number.
     *
     * @param digits as they were written
     */
    record Number(String digits) {}

    /**
     * Reads a whole document.
     *
     * @throws IOException saying where it is no JSON
     */
    static Object read(byte[] document) throws IOException {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), document)) {
            in.nextToken();
            Object value = value(in, 0);
            if (in.nextToken() != null) {
                throw new IOException("more than one JSON document");
            }
            return value;
        } catch (JacksonException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage() + where(e), e);
        }
    }

    private static String where(JacksonException failure) {
        return failure.getLocation() == null
                ? ""
                : " in line " + failure.getLocation().getLineNr() + ", column "
                        + failure.getLocation().getColumnNr();
    }

    private static Object value(JsonParser in, int depth) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null) {
            throw new IOException("not JSON: nothing is in it");
        }
        if (depth > MAX_DEPTH) {
            throw new IOException("nested deeper than " + MAX_DEPTH + " levels");
        }
        return switch (token) {
            case START_OBJECT -> object(in, depth);
            case START_ARRAY -> list(in, depth);
            case VALUE_STRING -> in.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(in.getString());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private static Map<String, Object> object(JsonParser in, int depth) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            object.put(name, value(in, depth + 1));
        }
        return object;
    }

    private static List<Object> list(JsonParser in, int depth) throws IOException {
        List<Object> list = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(in, depth + 1));
        }
        return list;
    }

    /** {@code value} as an object; {@code null} when it is something else. */
    @SuppressWarnings("unchecked") // only this class makes them
    static Map<String, Object> object(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : null;
    }
}
