package io.costoptimal.gateway.inspect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The fast way through a string that nobody reads: everything that lies whole in one buffer and is well-formed. Where it
 * stops, {@link JsonScanner} looks at single bytes; it alone says what is wrong.
 */
final class StringText {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x80 * EACH;

    private StringText() {}

    /**
     * Returns the index of the first byte that is not skipped: a quote, a control character, an escape or a character
     * that is malformed or not whole before {@code to}; or {@code to}.
     */
    static int skip(byte[] a, int i, int to) {
        while (i < to) {
            if (i <= to - Long.BYTES) {
                long special = special((long) LONGS.get(a, i));
                if (special == 0) {
                    i += Long.BYTES;
                    continue;
                }
                i += Long.numberOfTrailingZeros(special) >>> 3;
            }
            byte b = a[i];
            if (b == '"' || b >= 0 && b < ' ') {
                return i;
            }
            int n = b == '\\' ? wholeEscape(a, i, to) : b < 0 ? wholeCharacters(a, i, to) : 1;
            if (n == 0) {
                return i;
            }
            i += n;
        }
        return i;
    }

    /**
     * The high bit of each byte that ends, escapes, or is no ASCII text; exact for the first such byte, which is all that
     * is asked: a borrow only ever runs towards later bytes.
     */
    private static long special(long word) {
        long controlOrQuote = (word ^ 0x02 * EACH) - 0x21 * EACH;
        long backslash = (word ^ 0x5C * EACH) - EACH;
        return (word | controlOrQuote | backslash) & HIGH_BITS;
    }

    /** Length of the escape at {@code i}; 0 when it is malformed or not whole before {@code to}. */
    private static int wholeEscape(byte[] a, int i, int to) {
        if (i + 2 > to) {
            return 0;
        }
        if (a[i + 1] != 'u') {
            return unescape(a[i + 1]) == 0 ? 0 : 2;
        }
        if (i + 6 > to) {
            return 0;
        }
        int digits = digit(a[i + 2]) | digit(a[i + 3]) | digit(a[i + 4]) | digit(a[i + 5]);
        return digits < 0 ? 0 : 6;
    }

    /** Length of all whole and well-formed characters beyond ASCII that follow each other from {@code i}. */
    private static int wholeCharacters(byte[] a, int i, int to) {
        int at = i;
        while (at < to && a[at] < 0) {
            int n = Utf8.whole(a, at, to);
            if (n == 0) {
                break;
            }
            at += n;
        }
        return at - i;
    }

    /** What the letter after a backslash stands for; 0 when nothing, or when it is {@code u}. */
    static byte unescape(byte letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> 0;
        };
    }

    /** Value of a hexadecimal digit; negative when it is none. */
    static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = (b | 0x20) - 'a';
        return letter >= 0 && letter < 6 ? letter + 10 : -1;
    }
}
