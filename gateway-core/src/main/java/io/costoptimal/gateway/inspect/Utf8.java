package io.costoptimal.gateway.inspect;

/**
 * One character of UTF-8 beyond ASCII, checked against RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
 * Owned by its scanner's thread.
 *
 * <p>{@link #whole} is the fast way for a character that lies whole in one buffer; {@link #begin} and {@link #next} are
 * the slow way that can stop at any byte, and the one that says where it went wrong.
 */
final class Utf8 {

    private int left;
    private int low;
    private int high;

    /** The length of the character at {@code i}; 0 when it is malformed or not whole before {@code to}. */
    static int whole(byte[] a, int i, int to) {
        int lead = a[i] & 0xFF;
        int n = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (i + n > to || lead < 0xC2 || lead > 0xF4 || !continues(a[i + 1])) {
            return 0;
        }
        if (n == 2) {
            return 2;
        }
        if (!continues(a[i + 2])) {
            return 0;
        }
        int top = (lead & 0x0F) << 6 | a[i + 1] & 0x3F;
        if (n == 3) {
            return top >= 0x20 && top >> 5 != 0xD800 >> 11 ? 3 : 0;
        }
        return top >= 0x10 && top < 0x110 && continues(a[i + 3]) ? 4 : 0;
    }

    private static boolean continues(byte b) {
        return b < -64;
    }

    /** Begins a character; false when none begins with that byte. */
    boolean begin(byte b) {
        int lead = b & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            return false;
        }
        left = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return true;
    }

    /** Goes on with the next byte; false when it cannot stand there. */
    boolean next(byte b) {
        int c = b & 0xFF;
        if (c < low || c > high) {
            return false;
        }
        low = 0x80;
        high = 0xBF;
        left--;
        return true;
    }

    /** Whether the character is over. */
    boolean done() {
        return left == 0;
    }
}
