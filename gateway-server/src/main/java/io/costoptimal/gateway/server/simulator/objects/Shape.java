package io.costoptimal.gateway.server.simulator.objects;

import io.costoptimal.gateway.server.simulator.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** JSON as maps, lists, strings, numbers, booleans and {@code null}, in and out. */
final class Shape {

    /** When everything was made: seconds since 1970. */
    static final long CREATED = 1767225600;

    /** The same, as Anthropic's API writes it. */
    static final String CREATED_AT = "2026-01-01T00:00:00Z";

    private static final JsonFactory JSON = new JsonFactory();
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    private Shape() {}

    /** An object; {@code members} are names and values in turn. */
    static Map<String, Object> of(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }

    /** {@code prefix} and 24 random characters. */
    static String id(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < 24; i++) {
            id.append(DIGITS.charAt(ThreadLocalRandom.current().nextInt(DIGITS.length())));
        }
        return id.toString();
    }

    /** Reads an object; nothing at all is an empty one. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> read(byte[] json) {
        if (json.length == 0) {
            return new LinkedHashMap<>();
        }
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                return (Map<String, Object>) Json.value(in);
            }
        } catch (StreamReadException | JacksonIOException e) {
            // Said below.
        }
        throw new Refusal(400, "We could not parse the JSON body of your request.");
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.entrySet().stream()
                    .map(member -> quote(String.valueOf(member.getKey())) + ":" + write(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> array) {
            return array.stream().map(Shape::write).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String text ? quote(text) : String.valueOf(value);
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return out.append('"').toString();
    }
}
