package io.costoptimal.gateway.server.simulator;

/**
 * How an answer fails.
 *
 * @param kind in what way
 * @param status HTTP status for {@link Kind#STATUS}, else 0
 * @param after stream events sent before, the head included; -1 when not even the head is. An answer that is no stream
 *     breaks in the middle of its body
 */
public record Fault(Kind kind, int status, int after) {

    /** Nothing fails. */
    public static final Fault NONE = new Fault(Kind.NONE, 0, -1);

    /** The ways to fail. */
    public enum Kind {
        NONE,
        /** An error answer in the API's shape; 429 and 529 carry {@code retry-after}. */
        STATUS,
        /** 429 that no retry helps: out of credit. */
        QUOTA,
        /** 400: the prompt was filtered. */
        CONTENT_FILTER,
        /** 400: the prompt is too long. */
        CONTEXT_LENGTH,
        /** FIN. */
        CLOSE,
        /** RST. */
        RESET,
        /** Nothing more, the connection stays open. */
        STALL,
        /** Bytes that are no head, or no chunk, and FIN. */
        MALFORMED,
        /** An error event in the API's shape, then a clean end; 500 where there is no stream. */
        ERROR;

        /** Whether this is an answer of its own. */
        boolean answer() {
            return this == STATUS || this == QUOTA || this == CONTENT_FILTER || this == CONTEXT_LENGTH;
        }
    }

    /**
     * Reads {@code none}, a status such as {@code 429}, {@code quota}, {@code content_filter}, {@code context_length},
     * {@code close}, {@code reset}, {@code stall}, {@code malformed} or {@code error}. The last five take a place:
     * {@code reset@3} comes after three events, {@code reset} before the head.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static Fault parse(String word) {
        if (word.length() == 3 && word.chars().allMatch(c -> c >= '0' && c <= '9') && word.charAt(0) >= '2') {
            return new Fault(Kind.STATUS, Integer.parseInt(word), -1);
        }
        int at = word.indexOf('@');
        int after = at < 0 ? -1 : place(word, at + 1);
        Kind kind = switch (at < 0 ? word : word.substring(0, at)) {
            case "none" -> Kind.NONE;
            case "quota" -> Kind.QUOTA;
            case "content_filter" -> Kind.CONTENT_FILTER;
            case "context_length" -> Kind.CONTEXT_LENGTH;
            case "malformed" -> Kind.MALFORMED;
            case "close" -> Kind.CLOSE;
            case "reset" -> Kind.RESET;
            case "stall" -> Kind.STALL;
            case "error" -> Kind.ERROR;
            default -> throw unknown(word);
        };
        if (at >= 0 && (kind == Kind.NONE || kind.answer())) {
            throw unknown(word);
        }
        return new Fault(kind, 0, kind == Kind.ERROR ? Math.max(0, after) : after);
    }

    boolean inAnswer() {
        return after >= 0;
    }

    private static int place(String word, int from) {
        try {
            return Integer.parseUnsignedInt(word, from, word.length(), 10);
        } catch (NumberFormatException e) {
            throw unknown(word);
        }
    }

    private static IllegalArgumentException unknown(String word) {
        return new IllegalArgumentException("fault: " + word + " (expected: none, a status, quota, content_filter,"
                + " context_length, or close, reset, stall, malformed or error with an optional @events)");
    }
}
