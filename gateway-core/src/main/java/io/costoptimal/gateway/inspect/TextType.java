package io.costoptimal.gateway.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The values of {@code type} that are known to stand for text, in all APIs that the gateway knows, and those that stand for
 * another object. Any other may stand for an image, or for something that is not invented yet.
 */
enum TextType {
    // Parts and blocks of messages.
    TEXT,
    INPUT_TEXT,
    OUTPUT_TEXT,
    REASONING_TEXT,
    SUMMARY_TEXT,
    REFUSAL,
    THINKING,
    TOOL_USE,
    TOOL_RESULT,
    SEARCH_RESULT,
    /** What it holds says its {@code source}, which has a type of its own. */
    DOCUMENT,
    /** A source that consists of blocks. */
    CONTENT,
    // Items.
    MESSAGE,
    FUNCTION_CALL,
    FUNCTION_CALL_OUTPUT,
    CUSTOM_TOOL_CALL,
    CUSTOM_TOOL_CALL_OUTPUT,
    REASONING,
    // Tools, and calls of tools.
    FUNCTION,
    CUSTOM,
    DIRECT,
    // Cache markers.
    EPHEMERAL,
    // Where in a document a citation is.
    CHAR_LOCATION,
    PAGE_LOCATION,
    CONTENT_BLOCK_LOCATION,
    SEARCH_RESULT_LOCATION,
    // What stands for something that a provider keeps, and is no text.
    FILE_ID,
    ITEM_REFERENCE;

    private static final TextType[][] BY_LENGTH = byLength();

    private final byte[] bytes = name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);

    /** Whether these are tools of the client's own, whose definitions stand in the body. */
    boolean tool() {
        return this == FUNCTION || this == CUSTOM;
    }

    /** Whether an object of this type stands for another, whose {@code id} it has. */
    boolean refers() {
        return this == FILE_ID || this == ITEM_REFERENCE;
    }

    /** The type that is spelled so; {@code null} when it is none of these. */
    static TextType of(byte[] value, int from, int length) {
        if (length >= BY_LENGTH.length) {
            return null;
        }
        for (TextType type : BY_LENGTH[length]) {
            if (Arrays.equals(type.bytes, 0, length, value, from, from + length)) {
                return type;
            }
        }
        return null;
    }

    private static TextType[][] byLength() {
        int longest = Arrays.stream(values())
                .mapToInt(type -> type.bytes.length)
                .max()
                .orElseThrow();
        TextType[][] sorted = new TextType[longest + 1][];
        for (int i = 0; i <= longest; i++) {
            int length = i;
            sorted[i] = Arrays.stream(values())
                    .filter(type -> type.bytes.length == length)
                    .toArray(TextType[]::new);
        }
        return sorted;
    }
}
