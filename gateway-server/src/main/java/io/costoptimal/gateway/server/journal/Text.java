package io.costoptimal.gateway.server.journal;

import java.nio.charset.StandardCharsets;

/**
 * Characters that came with one request, as they stand in the bytes of its entry. Confined to the journal's thread, and
 * valid as long as the entry is.
 */
public final class Text implements CharSequence {

    /** Characters of one text that an entry holds. */
    public static final int MAX_CHARS = 256;

    private byte[] bytes;
    private int start;
    private int length;
    private boolean wide;
    private boolean cut;

    Text() {}

    /** Moves this to the text that {@code in} has next; returns {@code null} when there is none. */
    Text read(EntryInput in) {
        int header = in.getShort();
        if (header < 0) {
            return null;
        }
        length = header & EntryOutput.LENGTH;
        wide = (header & EntryOutput.WIDE) != 0;
        cut = (header & EntryOutput.CUT) != 0;
        bytes = in.bytes();
        start = in.skip(wide ? 2 * length : length);
        return this;
    }

    /** Whether the request had more characters than {@link #MAX_CHARS}, which are not here. */
    public boolean cut() {
        return cut;
    }

    /** Whether every character is one byte, as {@link #copyTo} wants it. */
    boolean narrow() {
        return !wide;
    }

    /** Copies the bytes of a {@linkplain #narrow() narrow} text. */
    void copyTo(byte[] out, int at) {
        System.arraycopy(bytes, start, out, at, length);
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return wide
                ? (char) (bytes[start + 2 * index] << 8 | bytes[start + 2 * index + 1] & 0xff)
                : (char) (bytes[start + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return toString().subSequence(from, to);
    }

    @Override
    public String toString() {
        if (!wide) {
            return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(charAt(i));
        }
        return text.toString();
    }
}
