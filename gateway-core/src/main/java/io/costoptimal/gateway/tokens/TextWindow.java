package io.costoptimal.gateway.tokens;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Shows a text in a body as characters, a window at a time: a text of many megabytes takes no more memory than a window.
 * Confined to one thread; for one text after another.
 *
 * <p>A user takes characters from {@link #from} up to any place before {@link #end} and moves {@code from} there; {@link #fill}
 * then shows more.
 */
final class TextWindow {

    /** Whoever looks for the end of a piece sees this many characters, or all that are left of the text. */
    private static final int SHOWN = SafeCut.LONGEST + SafeCut.LOOK_AHEAD + 1;

    private static final int SIZE = 2 * SHOWN;
    private static final char REPLACEMENT = '\ufffd';

    private final BodyBytes bytes;
    private char[] chars = new char[1024];
    private int from;
    private int end;

    /** Index of the next byte of the text. */
    private int at;
    /** Index behind the last byte of a text that is no string. */
    private int stop;

    private final boolean cut;
    private boolean string;
    private boolean whole;

    /**
     * Borrows {@code body} for its own life.
     *
     * @param cut whether a string may end with the body, because the rest of it never came
     */
    TextWindow(ByteBuf body, boolean cut) {
        bytes = new BodyBytes(body);
        this.cut = cut;
    }

    /** Begins the text of the JSON string whose opening quote is at {@code index}. */
    void openString(int index) {
        open(index + 1, bytes.length(), true);
    }

    /** Begins the text that the bytes from {@code index} to {@code end} are as they stand. */
    void openRaw(int index, int end) {
        open(index, end, false);
    }

    private void open(int index, int end, boolean string) {
        this.at = index;
        this.stop = end;
        this.string = string;
        this.whole = false;
        this.from = 0;
        this.end = 0;
    }

    /** Shows more of the text; returns false when there is no more of it. */
    boolean fill() {
        if (!whole && end - from < SHOWN) {
            System.arraycopy(chars, from, chars, 0, end - from);
            end -= from;
            from = 0;
            while (!whole && end < SIZE - 1) {
                decode();
            }
        }
        return from < end;
    }

    char[] chars() {
        return chars;
    }

    int from() {
        return from;
    }

    int end() {
        return end;
    }

    /** The characters before {@code next} are done with. */
    void taken(int next) {
        from = next;
    }

    /** Index behind the text, its closing quote included, once all of it was shown. */
    int index() {
        return at;
    }

    private void decode() {
        int b = at < stop ? bytes.at(at) : BodyBytes.END;
        if (b == BodyBytes.END) {
            if (string && !cut) {
                throw BodyCursor.FAULT;
            }
            whole = true;
        } else if (b >= 0x80) {
            beyondAscii(b);
        } else if (string && b == '"') {
            at++;
            whole = true;
        } else if (string && b == '\\') {
            escape();
        } else {
            at++;
            show((char) b);
        }
    }

    /** RFC 8259 section 7. */
    private void escape() {
        int b = bytes.at(at + 1);
        at += 2;
        switch (b) {
            case 'b' -> show('\b');
            case 'f' -> show('\f');
            case 'n' -> show('\n');
            case 'r' -> show('\r');
            case 't' -> show('\t');
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    code = code << 4 | Character.digit(bytes.at(at + i), 16) & 0xf;
                }
                at += 4;
                show((char) code);
            }
            default -> show((char) b);
        }
    }

    /** The body was found to be valid UTF-8 before it came here (RFC 3629 section 3). */
    private void beyondAscii(int b) {
        int more = b < 0xc0 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
        int code = more == 0 ? REPLACEMENT : b & 0x3f >> more;
        for (int i = 1; i <= more; i++) {
            code = code << 6 | bytes.at(at + i) & 0x3f;
        }
        at += 1 + more;
        if (code < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
            show((char) code);
        } else {
            show(Character.highSurrogate(code));
            show(Character.lowSurrogate(code));
        }
    }

    private void show(char c) {
        if (end == chars.length) {
            chars = Arrays.copyOf(chars, Math.min(SIZE, 4 * chars.length));
        }
        chars[end++] = c;
    }
}
