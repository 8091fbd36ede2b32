package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.http.FieldSink;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes the fields of an answer as HPACK (RFC 7541). Confined to one thread for as long as it has a buffer.
 *
 * <p>Every field is a literal that enters no table, without Huffman coding: that costs the client some bytes and neither side
 * any memory or state, and the fields of an answer are copied as they are, without an object for any of them.
 */
final class HeaderBlock implements FieldSink {

    private static final int STATUS = 8;

    /** Where the names of answers stand in the static table (RFC 7541, appendix A). */
    private static final int FIRST_NAME = 18;

    private static final String[] NAMES = {
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate"
    };

    private static final int SET_COOKIE = FIRST_NAME + 37;

    /** Indexes into the static table, by the length of the name. */
    private static final int[][] BY_LENGTH = new int[32][];

    static {
        for (int length = 0; length < BY_LENGTH.length; length++) {
            int wanted = length;
            BY_LENGTH[length] = java.util.stream.IntStream.range(0, NAMES.length)
                    .filter(i -> NAMES[i].length() == wanted)
                    .map(i -> FIRST_NAME + i)
                    .toArray();
        }
    }

    private static final int INDEXED = 0x80;
    private static final int NEVER_INDEXED = 0x10;
    private static final int NAME_PREFIX = 0x0f;
    private static final int LENGTH_PREFIX = 0x7f;

    private final ByteBuf out;

    /** @param out borrowed; where the block is written */
    HeaderBlock(ByteBuf out) {
        this.out = out;
    }

    /** Writes the status, which comes first (RFC 9113, 8.3). */
    HeaderBlock status(int status) {
        switch (status) {
            case 200 -> out.writeByte(INDEXED | 8);
            case 204 -> out.writeByte(INDEXED | 9);
            case 206 -> out.writeByte(INDEXED | 10);
            case 304 -> out.writeByte(INDEXED | 11);
            case 400 -> out.writeByte(INDEXED | 12);
            case 404 -> out.writeByte(INDEXED | 13);
            case 500 -> out.writeByte(INDEXED | 14);
            default -> {
                out.writeByte(STATUS).writeByte(3);
                out.writeByte('0' + status / 100)
                        .writeByte('0' + status / 10 % 10)
                        .writeByte('0' + status % 10);
            }
        }
        return this;
    }

    HeaderBlock field(String name, String value) {
        return field(name, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    HeaderBlock field(String name, byte[] value) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        field(ascii, 0, ascii.length, value, 0, value.length);
        return this;
    }

    @Override
    public void field(byte[] names, int name, int nameEnd, byte[] values, int value, int valueEnd) {
        int index = index(names, name, nameEnd - name);
        if (index == 0) {
            out.writeByte(0);
            number(0, LENGTH_PREFIX, nameEnd - name);
            for (int i = name; i < nameEnd; i++) {
                out.writeByte(lower(names[i]));
            }
        } else {
            number(index == SET_COOKIE ? NEVER_INDEXED : 0, NAME_PREFIX, index);
        }
        number(0, LENGTH_PREFIX, valueEnd - value);
        out.writeBytes(values, value, valueEnd - value);
    }

    /** Where the name stands in the static table; 0 when it does not. */
    private static int index(byte[] names, int from, int length) {
        if (length < BY_LENGTH.length) {
            for (int index : BY_LENGTH[length]) {
                if (spells(NAMES[index - FIRST_NAME], names, from)) {
                    return index;
                }
            }
        }
        return 0;
    }

    private static boolean spells(String name, byte[] bytes, int from) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != lower(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }

    /** Writes a number in the low bits of a byte, and what has no room there in more of them (RFC 7541, 5.1). */
    private void number(int high, int prefix, int number) {
        if (number < prefix) {
            out.writeByte(high | number);
            return;
        }
        out.writeByte(high | prefix);
        int left = number - prefix;
        while (left >= 0x80) {
            out.writeByte(0x80 | left & 0x7f);
            left >>>= 7;
        }
        out.writeByte(left);
    }
}
