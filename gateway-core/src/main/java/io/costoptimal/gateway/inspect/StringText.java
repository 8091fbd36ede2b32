package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.http.Swar;

/**
 * The fast way through a string that nobody reads: everything that lies whole in one buffer and is well-formed. Where it
 * stops, {@link JsonScanner} looks at single bytes; it alone says what is wrong.
 */
final class StringText {

    private StringText() {}

    /**
     * Returns the index of the first byte that is not skipped: a quote, a control character, an escape or a character
     * that is malformed or not whole before {@code to}; or {@code to}.
     */
    static int skip(byte[] a, int i, int to) {
        int at = i;
        while (true) {
            at = plain(a, at, to);
            if (at == to) {
                return to;
            }
            byte b = a[at];
            int n = b == '\\' ? wholeEscapes(a, at, to) : b < 0 ? wholeCharacters(a, at, to) : 0;
            if (n == 0) {
                return at;
            }
            at += n;
        }
    }

    /** The index of the first byte that is special; or {@code to}. */
    static int plain(byte[] a, int i, int to) {
        int at = i;
        // A plain counted loop: the compiler unrolls it and checks its bounds once.
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long special = Swar.plainTextEnds(Swar.word(a, at));
            if (special != 0) {
                return at + Swar.first(special);
            }
        }
        while (at < to && a[at] >= ' ' && a[at] != '"' && a[at] != '\\') {
            at++;
        }
        return at;
    }

    /** Length of all whole and well-formed escapes that follow each other from {@code i}. */
    private static int wholeEscapes(byte[] a, int i, int to) {
        int at = i;
        while (at < to && a[at] == '\\') {
            int n = wholeEscape(a, at, to);
            if (n == 0) {
                break;
            }
            at += n;
        }
        return at - i;
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
