package io.costoptimal.gateway.server.accesslog;

/**
 * Appends the members of one JSON object to a line. Confined to one thread.
 *
 * <p>The line is ASCII whatever is put in: control characters could forge lines and colours, and one wide character
 * would double the memory of the slot in the log's ring for good. A value longer than {@link #MAX_CHARS} is cut, and ends
 * in three dots.
 */
final class JsonLine {

    /** Characters of one value that are logged. */
    static final int MAX_CHARS = 256;

    private static final String HEX = "0123456789abcdef";

    private StringBuilder out;
    private boolean first;

    /** Begins an object at the end of {@code out}, which is kept until {@link #end}. */
    void begin(StringBuilder out) {
        this.out = out.append('{');
        first = true;
    }

    /** Appends a string; does nothing when {@code value} is {@code null}. */
    void member(String name, CharSequence value) {
        if (value == null) {
            return;
        }
        name(name).append('"');
        int length = Math.min(value.length(), MAX_CHARS);
        int plain = plain(value, length);
        // Nearly every value is plain from end to end, and goes in as one piece.
        out.append(value, 0, plain);
        for (int i = plain; i < length; i++) {
            character(value.charAt(i));
        }
        out.append(length < value.length() ? "...\"" : "\"");
    }

    void member(String name, long value) {
        name(name).append(value);
    }

    void member(String name, boolean value) {
        name(name).append(value);
    }

    /** Appends a number; does nothing when it is negative, which means unknown. */
    void known(String name, long value) {
        if (value >= 0) {
            member(name, value);
        }
    }

    /** Appends {@code nanos} as milliseconds with three decimals; does nothing when it is negative. */
    void millis(String name, long nanos) {
        if (nanos < 0) {
            return;
        }
        long micros = nanos / 1000;
        int fraction = (int) (micros % 1000);
        name(name).append(micros / 1000).append('.');
        out.append((char) ('0' + fraction / 100));
        out.append((char) ('0' + fraction / 10 % 10));
        out.append((char) ('0' + fraction % 10));
    }

    /** Begins an object inside; nothing else is appended to the outer one until {@link #endObject}. */
    void object(String name) {
        name(name).append('{');
        first = true;
    }

    /** Begins an array inside; only {@link #object()} is appended until {@link #endArray}. */
    void array(String name) {
        name(name).append('[');
        first = true;
    }

    /** Begins the next object of an array. */
    void object() {
        out.append(first ? "{" : ",{");
        first = true;
    }

    void endArray() {
        out.append(']');
        first = false;
    }

    void endObject() {
        out.append('}');
        first = false;
    }

    void end() {
        out.append('}');
        out = null;
    }

    /** Names are ours and need no escape. */
    private StringBuilder name(String name) {
        if (!first) {
            out.append(',');
        }
        first = false;
        return out.append('"').append(name).append("\":");
    }

    /** How many of the first {@code length} characters stand for themselves before the first that does not. */
    private static int plain(CharSequence value, int length) {
        int i = 0;
        while (i < length && plain(value.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean plain(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    private void character(char c) {
        if (plain(c)) {
            out.append(c);
        } else if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(HEX.charAt(c >>> shift & 0xf));
            }
        }
    }
}
