package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What the gateway calls one exchange, in answers and in logs: {@code req_} and 96 random bits in hexadecimal. Immutable,
 * any thread.
 *
 * <p>Nobody can guess another client's, so that an id which a client shows to an operator says that it was that client's.
 */
public final class RequestId {

    /** Characters of the text. */
    public static final int LENGTH = 28;

    private static final int PREFIX = 'r' << 24 | 'e' << 16 | 'q' << 8 | '_';

    /** The two digits of every byte, as ASCII in the order in which they are written. */
    private static final short[] DIGITS = new short[256];

    static {
        String digits = "0123456789abcdef";
        for (int i = 0; i < DIGITS.length; i++) {
            DIGITS[i] = (short) (digits.charAt(i >> 4) << 8 | digits.charAt(i & 15));
        }
    }

    private final int first;
    private final int second;
    private final int third;

    private RequestId(RandomBits bits) {
        first = bits.nextInt();
        second = bits.nextInt();
        third = bits.nextInt();
    }

    /** Returns a new one. The first call in a process loads the JDK's ciphers, which takes some tens of milliseconds. */
    public static RequestId next() {
        return new RequestId(RandomBits.own());
    }

    /** Appends the text to {@code out}, which is borrowed, as {@link #LENGTH} bytes. */
    public void writeTo(ByteBuf out) {
        out.writeInt(PREFIX).writeLong(digits(first)).writeLong(digits(second)).writeLong(digits(third));
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
        digits(first, out, at + 4);
        digits(second, out, at + 12);
        digits(third, out, at + 20);
    }

    private static void digits(int bits, byte[] out, int at) {
        long digits = digits(bits);
        for (int i = 7; i >= 0; i--) {
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
