package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;

/** What may stand in a message head (RFC 9110, 5.5 and 5.6.2). Stateless; every buffer is borrowed, unchanged. */
final class HeadBytes {

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = ONES << 7;

    /** A bit for each ASCII character that may stand in a token. */
    private static final long[] TOKEN = new long[2];

    static {
        for (char c = '!'; c < 0x7f; c++) {
            if ("\"(),/:;<=>?@[\\]{}".indexOf(c) < 0) {
                TOKEN[c >> 6] |= 1L << c;
            }
        }
    }

    private HeadBytes() {}

    static boolean token(byte b) {
        return b > 0 && (TOKEN[b >> 6] & 1L << b) != 0;
    }

    /** Whether {@code b} may stand in a field value: visible, above ASCII, space or tab. */
    static boolean text(byte b) {
        return b >= ' ' && b != 0x7f || b < 0 || b == '\t';
    }

    /** Whether all bytes from {@code from} to {@code to} are {@link #text(byte)}; eight at a time where none is a control. */
    static boolean text(ByteBuf buf, int from, int to) {
        int at = from;
        while (to - at >= Long.BYTES) {
            if (mayHoldControl(buf.getLongLE(at)) && !textBytes(buf, at, at + Long.BYTES)) {
                return false;
            }
            at += Long.BYTES;
        }
        return textBytes(buf, at, to);
    }

    /** True when some byte is below 0x20 or 0x7f; may be true for a few others, never false for one of these. */
    private static boolean mayHoldControl(long word) {
        long below = word - ONES * ' ' & ~word;
        long delete = word ^ ONES * 0x7f;
        long deleted = delete - ONES & ~delete;
        return ((below | deleted) & HIGHS) != 0;
    }

    private static boolean textBytes(ByteBuf buf, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!text(buf.getByte(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes spell {@code lowerCase}, whatever their case. */
    static boolean spells(ByteBuf buf, int from, int to, String lowerCase) {
        return to - from == lowerCase.length() && startsWith(buf, from, to, lowerCase);
    }

    /** Whether the bytes begin with {@code lowerCase}, whatever their case. */
    static boolean startsWith(ByteBuf buf, int from, int to, String lowerCase) {
        if (to - from < lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            byte b = buf.getByte(from + i);
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Index of the first byte from {@code from} on that is neither space nor tab, at most {@code to}. */
    static int skipBlanks(ByteBuf buf, int from, int to) {
        int at = from;
        while (at < to && blank(buf.getByte(at))) {
            at++;
        }
        return at;
    }

    /** Index just past the last byte before {@code to} that is neither space nor tab, at least {@code from}. */
    static int dropBlanks(ByteBuf buf, int from, int to) {
        int at = to;
        while (at > from && blank(buf.getByte(at - 1))) {
            at--;
        }
        return at;
    }

    static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }
}
