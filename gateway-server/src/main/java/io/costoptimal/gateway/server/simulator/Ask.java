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
 * @param id of the answer, where its API has ids that are kept; {@code null} for one that is always the same
 * @param manner how it is to be answered
 * @param tool the tool to call; {@code null} answers with text
 * @param input what was given
 */
record Ask(String model, String id, Manner manner, ToolCall tool, Input input) {

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * How a request is to be answered.
     *
     * @param stream whether to stream
     * @param includeUsage whether a chat stream ends with its usage
     * @param store what the body says about keeping the answer; {@code null} when it says nothing
     * @param background whether the answer may come later
     * @param refers whether it goes on from an earlier response or a conversation
     */
    record Manner(boolean stream, boolean includeUsage, Boolean store, boolean background, boolean refers) {}

    boolean stream() {
        return manner.stream;
    }

    boolean includeUsage() {
        return manner.includeUsage;
    }

    /** The id of the answer, or {@code fallback}. */
    String id(String fallback) {
        return id == null ? fallback : id;
    }

    /** The same, whose answer is called {@code id}. */
    Ask called(String id) {
        return new Ask(model, id, manner, tool, input);
    }

    /** The same, to be answered as a whole. */
    Ask whole() {
        Manner whole = new Manner(false, false, manner.store, manner.background, manner.refers);
        return new Ask(model, id, whole, tool, input);
    }

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
                null,
                new Manner(reading.stream, reading.includeUsage, reading.store, reading.background, reading.refers),
                tool,
                new Input(tokens, reading.items, reading.base64, reading.dimensions));
    }

    /** Confined to {@link Ask#read}. */
    private static final class Reading {
        private String model;
        private boolean stream;
        private boolean includeUsage;
        private Boolean store;
        private boolean background;
        private boolean refers;
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
                case "store" -> store = Json.value(in) instanceof Boolean said ? said : null;
                case "background" -> background = in.currentToken() == JsonToken.VALUE_TRUE;
                case "previous_response_id", "conversation" -> refers |= Json.value(in) != null;
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
