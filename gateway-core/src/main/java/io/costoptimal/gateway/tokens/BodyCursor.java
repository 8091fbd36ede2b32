package io.costoptimal.gateway.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Walks one JSON body in document order and gives what callers name as text to a {@link Tally}. Confined to one thread.
 *
 * <p>The cursor stands on a value; each method takes that value whole, whatever its type: a value of a type the method has
 * no use for is passed by. Once the tally is settled the cursor moves no more and every loop ends.
 */
final class BodyCursor {

    /** Takes one member of an object, by calling one method of the cursor that stands on its value. */
    @FunctionalInterface
    interface Members {
        void member(String name);
    }

    // The body was limited and validated before it came here: limits of the parser's own would only falsify counts. A
    // name
    // table that is attacked by colliding names gets slow, not wrong.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(1000)
                    .build())
            .build();

    private final byte[] body;
    private final Tally tally;
    private final JsonParser parser;

    BodyCursor(byte[] body, Tally tally) {
        this(body, 0, tally);
    }

    private BodyCursor(byte[] body, int offset, Tally tally) {
        this.body = body;
        this.tally = tally;
        this.parser = JSON.createParser(ObjectReadContext.empty(), body, offset, body.length - offset);
        parser.nextToken();
    }

    /** Adds tokens that stand for no text. */
    void overhead(int tokens) {
        tally.add(tokens);
    }

    boolean onString() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    boolean onObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    boolean onArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /** Takes an object member by member. */
    void members(Members each) {
        if (!onObject()) {
            skip();
            return;
        }
        while (!tally.settled() && parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            each.member(name);
        }
    }

    /** Takes an array value by value. */
    void elements(Runnable each) {
        if (!onArray()) {
            skip();
            return;
        }
        while (!tally.settled() && parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            each.run();
        }
    }

    /** Takes an array object by object; its other values are passed by. */
    void objects(Members each) {
        elements(() -> members(each));
    }

    /** Passes the value by. */
    void skip() {
        parser.skipChildren();
    }

    /** Takes a string as text. */
    void text() {
        if (onString()) {
            char[] chars = parser.getStringCharacters();
            int from = parser.getStringOffset();
            tally.text(chars, from, from + parser.getStringLength());
        } else {
            skip();
        }
    }

    /** Takes an object or array as the text it is in the body, white space and all. */
    void json() {
        if (!onObject() && !onArray()) {
            text();
            return;
        }
        int start = offset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        char[] chars = new String(body, start, end - start, UTF_8).toCharArray();
        tally.text(chars, 0, chars.length);
    }

    /** Takes every string below, but those that are members of a name in {@code opaque}, or below such. */
    void strings(Set<String> opaque) {
        if (onObject()) {
            members(name -> {
                if (opaque.contains(name)) {
                    skip();
                } else {
                    strings(opaque);
                }
            });
        } else if (onArray()) {
            elements(() -> strings(opaque));
        } else {
            text();
        }
    }

    /** Takes strings as text and numbers as token ids, one each, at any depth of arrays. */
    void textOrTokens() {
        if (onArray()) {
            elements(this::textOrTokens);
        } else if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            overhead(1);
        } else {
            text();
        }
    }

    /** Whether the string here is {@code expected}. */
    boolean is(String expected) {
        return onString() && expected.equals(parser.getString());
    }

    /** Where the value begins in the body. */
    int offset() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Takes the string that begins at {@code offset} as text; the cursor stays where it is. */
    void textAt(int offset) {
        if (!tally.settled()) {
            new BodyCursor(body, offset, tally).text();
        }
    }
}
