package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What the gateway calls one exchange, in answers and in logs: {@code req_}, its start in milliseconds since 1970 as 48 bits,
 * and 96 random bits, both in hexadecimal. Immutable, any thread.
 *
 * <p>Nobody can guess another client's, so that an id which a client shows to an operator says that it was that client's. Ids
 * sort by their time, and a table that is ordered by time needs no second order to find one.
 */
public final class RequestId {

    /** Characters of the text. */
    public static final int LENGTH = 40;

    private static final String PREFIX_TEXT = "req_";
    private static final int PREFIX = 'r' << 24 | 'e' << 16 | 'q' << 8 | '_';
    private static final int TIME_DIGITS = 12;

    /** The two digits of every byte, as ASCII in the order in which they are written. */
    private static final short[] DIGITS = new short[256];

    static {
        String digits = "0123456789abcdef";
        for (int i = 0; i < DIGITS.length; i++) {
            DIGITS[i] = (short) (digits.charAt(i >> 4) << 8 | digits.charAt(i & 15));
        }
    }

    private final long millis;
    private final int first;
    private final int second;
    private final int third;

    private RequestId(long millis, RandomBits bits) {
        this.millis = millis;
        first = bits.nextInt();
        second = bits.nextInt();
        third = bits.nextInt();
    }

    /** Returns a new one of an exchange that starts now. */
    public static RequestId next() {
        return next(System.currentTimeMillis());
    }

    /**
     * Returns a new one. The first call in a process loads the JDK's ciphers, which takes some tens of milliseconds.
     *
     * @param millis when the exchange has started, in milliseconds since 1970
     */
    public static RequestId next(long millis) {
        return new RequestId(millis, RandomBits.own());
    }

    /** When the exchange called {@code id} has started, in milliseconds since 1970; -1 when this is not an id of ours. */
    public static long millis(String id) {
        if (id.length() != LENGTH || !id.startsWith(PREFIX_TEXT)) {
            return -1;
        }
        long millis = 0;
        for (int i = PREFIX_TEXT.length(); i < LENGTH; i++) {
            char c = id.charAt(i);
            boolean hex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
            if (!hex) {
                return -1;
            }
            if (i < PREFIX_TEXT.length() + TIME_DIGITS) {
                millis = millis << 4 | Character.digit(c, 16);
            }
        }
        return millis;
    }

    /** Appends the text to {@code out}, which is borrowed, as {@link #LENGTH} bytes. */
    public void writeTo(ByteBuf out) {
        out.writeInt(PREFIX).writeInt((int) digits((int) (millis >>> 32))).writeLong(digits((int) millis));
        out.writeLong(digits(first)).writeLong(digits(second)).writeLong(digits(third));
    }

    /** Eight hexadecimal digits, the first of them highest. */
    private static long digits(int bits) {
        return (long) DIGITS[bits >>> 24] << 48
                | (long) DIGITS[bits >>> 16 & 0xff] << 32
                | (long) DIGITS[bits >>> 8 & 0xff] << 16
                | DIGITS[bits & 0xff];
    }

    /** Writes the text to {@code out} from {@code at} on, as {@link #LENGTH} bytes. */
    public void writeTo(byte[] out, int at) {
        out[at] = 'r';
        out[at + 1] = 'e';
        out[at + 2] = 'q';
        out[at + 3] = '_';
        digits((int) (millis >>> 32), 4, out, at + 4);
        digits((int) millis, 8, out, at + 8);
        digits(first, 8, out, at + 16);
        digits(second, 8, out, at + 24);
        digits(third, 8, out, at + 32);
    }

    /** Writes the lowest {@code count} digits. */
    private static void digits(int bits, int count, byte[] out, int at) {
        long digits = digits(bits);
        for (int i = count - 1; i >= 0; i--) {
            out[at + i] = (byte) digits;
            digits >>>= 8;
        }
    }

    @Override
    public String toString() {
        byte[] text = new byte[LENGTH];
        writeTo(text, 0);
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
