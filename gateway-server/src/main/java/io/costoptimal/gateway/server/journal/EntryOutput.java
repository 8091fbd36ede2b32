package io.costoptimal.gateway.server.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Puts numbers and texts one after the other into a lane's bytes. Confined to one event loop. Nothing is checked here but
 * the bounds of the array: the lane has room for the longest entry before one is begun.
 */
final class EntryOutput {

    /** Of a text's header: how many characters follow. */
    static final int LENGTH = 0xfff;
    /** Of a text's header: each character takes two bytes, the higher one first. */
    static final int WIDE = 0x1000;
    /** Of a text's header: there were more. */
    static final int CUT = 0x2000;
    /** The whole header where there is no text. */
    static final int ABSENT = -1;

    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private int at;

    EntryOutput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Goes on at {@code index}. */
    void moveTo(int index) {
        at = index;
    }

    /** Where the next value goes. */
    int at() {
        return at;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Leaves room for {@code n} bytes, and returns where. */
    int skip(int n) {
        int from = at;
        at += n;
        return from;
    }

    void putByte(int value) {
        bytes[at++] = (byte) value;
    }

    void putShort(int value) {
        SHORT.set(bytes, at, (short) value);
        at += Short.BYTES;
    }

    void putInt(int value) {
        INT.set(bytes, at, value);
        at += Integer.BYTES;
    }

    void putLong(long value) {
        LONG.set(bytes, at, value);
        at += Long.BYTES;
    }

    /** Puts at most {@code most} characters of {@code text}, which may be {@code null}. */
    void putText(String text, int most) {
        if (text == null) {
            putShort(ABSENT);
            return;
        }
        int length = Math.min(text.length(), most);
        int from = at + Short.BYTES;
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            all |= c;
            bytes[from + i] = (byte) c;
        }
        int header = length < text.length() ? length | CUT : length;
        if (all <= 0xff) {
            putShort(header);
            at += length;
        } else {
            putShort(header | WIDE);
            wide(text, length);
        }
    }

    private void wide(String text, int length) {
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            bytes[at++] = (byte) (c >> 8);
            bytes[at++] = (byte) c;
        }
    }
}
