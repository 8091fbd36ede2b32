package io.costoptimal.gateway.server.simulator;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * What a request body asks for, as far as the answer depends on it.
 *
 * @param model the name; {@code null} when the body has none
 * @param stream whether to stream
 * @param includeUsage whether a chat stream ends with its usage
 * @param tool the tool to call; {@code null} answers with text
 * @param input what was given
 */
record Ask(String model, boolean stream, boolean includeUsage, ToolCall tool, Input input) {

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * What was given.
     *
     * @param tokens invented, the same for the same body: a quarter of its bytes
     * @param items number of texts to embed
     * @param base64 whether vectors are wanted in base64
     * @param dimensions length of a vector
     */
    record Input(int tokens, int items, boolean base64, int dimensions) {}

    /**
     * Reads a body.
     *
     * @throws StreamReadException when it is no JSON object
     */
    static Ask read(byte[] body) {
        Reading reading = new Reading();
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new StreamReadException(in, "not an object");
            }
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                in.nextToken();
                reading.member(name, in);
            }
        }
        ToolCall tool = reading.tools == null ? null : ToolCall.choose(reading.tools, reading.choice, body);
        int tokens = (body.length + 3) / 4;
        return new Ask(
                reading.model,
                reading.stream,
                reading.includeUsage,
                tool,
                new Input(tokens, reading.items, reading.base64, reading.dimensions));
    }

    /** Confined to {@link Ask#read}. */
    private static final class Reading {
        private String model;
        private boolean stream;
        private boolean includeUsage;
        private List<?> tools;
        private Object choice;
        private int items = 1;
        private boolean base64;
        private int dimensions = 8;

        private void member(String name, JsonParser in) {
            switch (name) {
                case "model" -> model = in.currentToken() == JsonToken.VALUE_STRING ? in.getString() : null;
                case "stream" -> stream = in.currentToken() == JsonToken.VALUE_TRUE;
                case "stream_options" ->
                    includeUsage = Boolean.TRUE.equals(Json.member(Json.value(in), "include_usage"));
                case "tools" -> tools = Json.value(in) instanceof List<?> list ? list : null;
                case "tool_choice" -> choice = Json.value(in);
                case "input" -> items(in);
                case "encoding_format" -> base64 = "base64".equals(Json.value(in));
                case "dimensions" ->
                    dimensions = in.currentToken() == JsonToken.VALUE_NUMBER_INT ? in.getIntValue() : 8;
                default -> in.skipChildren();
            }
        }

        /** An array of texts or of token lists has many items; a text or a token list is one. */
        private void items(JsonParser in) {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                in.skipChildren();
                return;
            }
            int strings = 0;
            int lists = 0;
            for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
                strings += token == JsonToken.VALUE_STRING ? 1 : 0;
                lists += token == JsonToken.START_ARRAY ? 1 : 0;
                in.skipChildren();
            }
            items = Math.max(1, strings + lists);
        }
    }

    /** Whether {@code body} has {@code word} anywhere. */
    static boolean mentions(byte[] body, String word) {
        // ISO-8859-1 maps bytes one to one, which is all a search for ASCII needs.
        return new String(body, StandardCharsets.ISO_8859_1).contains(word);
    }
}
