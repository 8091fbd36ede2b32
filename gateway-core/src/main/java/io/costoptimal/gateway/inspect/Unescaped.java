package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.http.PathRules;
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
            putLoneSurrogate();
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
            pendingHigh = 0;
            putLoneSurrogate();
        }
    }

    /** It is no character and has no UTF-8; a byte that UTF-8 never has keeps its place. */
    private void putLoneSurrogate() {
        loneSurrogate = true;
        put(0xFF);
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

    /** The member that some reader could take this name for, or {@code null}; see {@link Member#of}. */
    Member member(boolean inOptions) {
        byte[] ascii = new byte[Member.LONGEST];
        int n = ascii(ascii);
        return n < 0 ? null : Member.of(ascii, 0, n, inOptions);
    }

    /** The member that some reader could take this name for, if it is one that tells of a body's content; else {@code null}. */
    ContentName contentName(boolean top) {
        byte[] ascii = new byte[Member.LONGEST];
        int n = ascii(ascii);
        return n < 0 ? null : ContentName.of(ascii, 0, n, top);
    }

    /**
     * Puts into {@code folded} what some reader could take this name for, and returns its length; -1 when it is nothing in ASCII,
     * or too long. Readers that ignore case take some letters beyond ASCII for ASCII ones: U+017F for {@code s}, U+212A for
     * {@code k}, U+0130 and U+0131 for {@code i}. Readers that keep text in C strings see it end at a NUL.
     */
    private int ascii(byte[] folded) {
        int n = 0;
        for (int i = 0; i < length && bytes[i] != 0; i++) {
            int b = bytes[i];
            if (isAt(i, 0xC5, 0xBF)) {
                b = 's';
                i++;
            } else if (isAt(i, 0xC4, 0xB0) || isAt(i, 0xC4, 0xB1)) {
                b = 'i';
                i++;
            } else if (isAt(i, 0xE2, 0x84, 0xAA)) {
                b = 'k';
                i += 2;
            }
            if (b < 0 || n == folded.length) {
                return -1;
            }
            folded[n++] = (byte) b;
        }
        return n;
    }

    /** The type that this is the very name of; {@code null} when it is of none. */
    TextType type() {
        return tooLong || loneSurrogate ? null : TextType.of(bytes, 0, length);
    }

    private boolean isAt(int at, int... sequence) {
        if (at + sequence.length > length) {
            return false;
        }
        for (int i = 0; i < sequence.length; i++) {
            if ((bytes[at + i] & 0xff) != sequence[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether this is the very name of {@code member}. */
    boolean spells(Member member) {
        return !tooLong && !loneSurrogate && length == member.key().length() && member.isSpelled(bytes, 0);
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

    /** What keeps {@code name}, which is this text, from being a model's; {@code null} when nothing does. */
    JsonFault.Kind wrongAsModel(String name) {
        if (loneSurrogate) {
            return JsonFault.Kind.LONE_SURROGATE;
        }
        if (name.isEmpty()) {
            return JsonFault.Kind.EMPTY_STRING;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return JsonFault.Kind.CONTROL_CHARACTER;
            }
        }
        return PathRules.hasDotSegment(name) ? JsonFault.Kind.DOT_SEGMENT : null;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
