package io.costoptimal.gateway.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The body of a POST: one JSON object, whose members are kept as they were written. Immutable. */
public final class JsonObject {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, byte[]> members;

    private JsonObject(Map<String, byte[]> members) {
        this.members = members;
    }

    /**
     * Reads {@code body}.
     *
     * @param known the members that it may have
     * @throws Refused when it is no JSON object, or has others
     */
    public static JsonObject parse(byte[] body, String... known) throws Refused {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Refused(400, "invalid_json", "The body is no JSON object.");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (!List.of(known).contains(name)) {
                    throw Refused.parameter(name, "unknown", "one of " + String.join(", ", known));
                }
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getByteOffset();
                if (from < 0) {
                    throw new Refused(400, "invalid_json", "The body is not in UTF-8.");
                }
                if (members.put(name, Arrays.copyOfRange(body, from, to)) != null) {
                    throw Refused.parameter(name, "twice", "once");
                }
            }
            if (parser.nextToken() != null) {
                throw new Refused(400, "invalid_json", "Something follows the JSON object.");
            }
        } catch (JacksonException e) {
            throw new Refused(400, "invalid_json", "The body is no JSON: " + e.getOriginalMessage());
        }
        return new JsonObject(members);
    }

    /** The bytes of {@code name}'s value as they were sent; {@code null} when it is absent, or {@code null}. */
    public byte[] raw(String name) {
        byte[] value = members.get(name);
        return value == null || new String(value, StandardCharsets.UTF_8).equals("null") ? null : value;
    }

    /**
     * The text of {@code name}; {@code null} when it is absent.
     *
     * @throws Refused when it is no string
     */
    public String text(String name) throws Refused {
        byte[] value = raw(name);
        if (value == null) {
            return null;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), value)) {
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw Refused.parameter(name, new String(value, StandardCharsets.UTF_8), "a text");
            }
            return parser.getString();
        }
    }

    /**
     * The members of the object {@code name}, all of them texts; none when it is absent.
     *
     * @throws Refused when it is something else
     */
    public Map<String, String> texts(String name) throws Refused {
        byte[] value = raw(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value == null) {
            return texts;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Refused.parameter(name, new String(value, StandardCharsets.UTF_8), "an object of texts");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String member = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw Refused.parameter(name, member, "an object of texts");
                }
                texts.put(member, parser.getString());
            }
        }
        return texts;
    }

    /**
     * The number {@code name}, from {@code least} to {@code most}.
     *
     * @param standard when it is absent
     * @throws Refused when it is something else
     */
    public long number(String name, long standard, long least, long most) throws Refused {
        byte[] value = raw(name);
        if (value == null) {
            return standard;
        }
        String text = new String(value, StandardCharsets.UTF_8);
        if (text.matches("-?\\d{1,18}") && Long.parseLong(text) >= least && Long.parseLong(text) <= most) {
            return Long.parseLong(text);
        }
        throw Refused.parameter(name, text, least + " to " + most);
    }
}
