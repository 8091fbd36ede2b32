package io.costoptimal.gateway.inspect;

import java.nio.charset.StandardCharsets;

/**
 * The few strings that are read rather than skipped, without their escapes, as UTF-8. Owned by its scanner's thread.
 *
 * <p>Holds {@value #CAPACITY} bytes; what comes after is dropped and remembered as {@link #tooLong()}.
 */
final class Unescaped {

    static final int CAPACITY = 256;

    private final byte[] bytes = new byte[CAPACITY];
    private int length;
    private boolean tooLong;
    private boolean loneSurrogate;
    private char pendingHigh;

    void clear() {
        length = 0;
        tooLong = false;
        loneSurrogate = false;
        pendingHigh = 0;
    }

    /** Adds one byte of checked UTF-8. */
    void add(int b) {
        settle();
        put(b);
    }

    /** Becomes {@code n} bytes of ASCII, at most {@link #CAPACITY}. */
    void set(byte[] ascii, int from, int n) {
        clear();
        System.arraycopy(ascii, from, bytes, 0, n);
        length = n;
    }

    /** Adds what a {@code \\u} escape stands for: half of a surrogate pair waits for the other half. */
    void addUnit(char unit) {
        if (Character.isLowSurrogate(unit) && pendingHigh != 0) {
            int codePoint = Character.toCodePoint(pendingHigh, unit);
            pendingHigh = 0;
            put(0xF0 | codePoint >> 18);
            put(0x80 | codePoint >> 12 & 0x3F);
            put(0x80 | codePoint >> 6 & 0x3F);
            put(0x80 | codePoint & 0x3F);
            return;
        }
        settle();
        if (Character.isHighSurrogate(unit)) {
            pendingHigh = unit;
        } else if (Character.isLowSurrogate(unit)) {
            loneSurrogate = true;
        } else if (unit < 0x80) {
            put(unit);
        } else if (unit < 0x800) {
            put(0xC0 | unit >> 6);
            put(0x80 | unit & 0x3F);
        } else {
            put(0xE0 | unit >> 12);
            put(0x80 | unit >> 6 & 0x3F);
            put(0x80 | unit & 0x3F);
        }
    }

    /** The string is over, or goes on with something that cannot be the second half of a pair. */
    void settle() {
        if (pendingHigh != 0) {
            loneSurrogate = true;
            pendingHigh = 0;
        }
    }

    private void put(int b) {
        if (length == CAPACITY) {
            tooLong = true;
            return;
        }
        bytes[length++] = (byte) b;
    }

    boolean tooLong() {
        return tooLong;
    }

    boolean loneSurrogate() {
        return loneSurrogate;
    }

    /** The member of that name, or {@code null}; see {@link Member#of}. */
    Member member(boolean inOptions) {
        return tooLong || loneSurrogate ? null : Member.of(bytes, 0, length, inOptions);
    }

    /** Whether this is {@code ascii}; false if it is not, and for anything beyond ASCII. */
    boolean is(String ascii) {
        if (length != ascii.length() || tooLong || loneSurrogate) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            // A byte beyond ASCII is negative, and no character is.
            if (bytes[i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
