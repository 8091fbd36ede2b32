package io.costoptimal.gateway.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What may stand in a message head (RFC 9110, 5.5 and 5.6.2). Stateless; every array is borrowed, unchanged. */
final class HeadBytes {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = ONES << 7;

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
            long controls = controls(word(bytes, at));
            if (controls == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Long.numberOfTrailingZeros(controls) >> 3;
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

    /** Sets the high bit of every byte below 0x20 and of 0x7f; bits above the lowest one set may be wrong. */
    private static long controls(long word) {
        long below = word - ONES * ' ' & ~word;
        long delete = word ^ ONES * 0x7f;
        return (below | delete - ONES & ~delete) & HIGHS;
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

    /** Eight bytes, the first of them lowest. */
    static long word(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
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
