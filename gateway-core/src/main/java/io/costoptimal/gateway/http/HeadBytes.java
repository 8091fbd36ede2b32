package io.costoptimal.gateway.http;

/** What may stand in a message head (RFC 9110, 5.5 and 5.6.2). Stateless; every array is borrowed, unchanged. */
final class HeadBytes {

    /** Whether a byte may stand in a token. */
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = '!'; c < 0x7f; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
    }

    private HeadBytes() {}

    static boolean token(byte b) {
        return TOKEN[b & 0xff];
    }

    /** Index of the first byte from {@code from} on that is not a {@link #token}, at most {@code to}. */
    static int tokenEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && token(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Whether {@code b} may stand in a field value: visible, above ASCII, space or tab. */
    static boolean text(byte b) {
        return b >= ' ' && b != 0x7f || b < 0 || b == '\t';
    }

    /** Index of the first byte from {@code from} on that is not {@link #text(byte)}, at most {@code to}. */
    static int textEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (to - at >= Long.BYTES) {
            long controls = Swar.controls(Swar.word(bytes, at));
            if (controls == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Swar.first(controls);
            if (bytes[at] != '\t') {
                return at;
            }
            at++;
        }
        while (at < to && text(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Index of the first line feed, or -1. */
    static int lineFeed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Whether the bytes spell {@code lowerCase}, whatever their case. */
    static boolean spells(byte[] bytes, int from, int to, String lowerCase) {
        return to - from == lowerCase.length() && startsWith(bytes, from, to, lowerCase);
    }

    /** Whether the bytes begin with {@code lowerCase}, whatever their case. */
    static boolean startsWith(byte[] bytes, int from, int to, String lowerCase) {
        if (to - from < lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            byte b = bytes[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Index of the first byte from {@code from} on that is neither space nor tab, at most {@code to}. */
    static int skipBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && blank(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Index just past the last byte before {@code to} that is neither space nor tab, at least {@code from}. */
    static int dropBlanks(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && blank(bytes[at - 1])) {
            at--;
        }
        return at;
    }

    static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }
}
