package io.costoptimal.gateway.server.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Appends JSON as bytes, which grow as needed and are used again. Confined to one thread.
 *
 * <p>Everything is ASCII whatever is put in, because control characters could forge lines and colours. A string longer than
 * {@link Text#MAX_CHARS} is cut, and ends in three dots.
 *
 * <p>It escapes for itself, and not by core's {@code JsonText}, so that no line is made as text first and then copied.
 */
public final class JsonBytes {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    /** The longest number, and the longest character. */
    private static final int ROOM = 24;

    private byte[] bytes;
    private int length;

    public JsonBytes(int capacity) {
        bytes = new byte[Math.max(ROOM, capacity)];
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** Forgets all bytes. */
    public void clear() {
        length = 0;
    }

    /** Forgets all bytes but the first {@code kept}. */
    public void cutTo(int kept) {
        length = kept;
    }

    /** All bytes; valid until more are appended. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Appends {@code ready} as it is. */
    public void raw(byte[] ready) {
        ensure(ready.length);
        System.arraycopy(ready, 0, bytes, length, ready.length);
        length += ready.length;
    }

    /** Appends one ASCII character as it is. */
    public void raw(char ready) {
        ensure(1);
        bytes[length++] = (byte) ready;
    }

    public void name(Name name) {
        raw(name.json());
    }

    /** Appends a string, quoted and escaped. */
    public void string(CharSequence text) {
        int n = Math.min(text.length(), Text.MAX_CHARS);
        open(n);
        for (int i = 0; i < n; i++) {
            character(text.charAt(i));
        }
        close(n < text.length());
    }

    /** The same for a text of an entry, nearly all of which need no escape and are copied in one piece. */
    public void string(Text text) {
        int n = text.length();
        open(n);
        if (text.narrow()) {
            text.copyTo(bytes, length);
            int plain = plain(n);
            length += plain;
            if (plain < n) {
                escaped(text, plain);
            }
        } else {
            escaped(text, 0);
        }
        close(text.cut());
    }

    private void open(int characters) {
        ensure(6 * characters + ROOM);
        bytes[length++] = '"';
    }

    private void close(boolean cut) {
        if (cut) {
            bytes[length++] = '.';
            bytes[length++] = '.';
            bytes[length++] = '.';
        }
        bytes[length++] = '"';
    }

    /** How many of the {@code n} bytes after the last stand for themselves, before the first that does not. */
    private int plain(int n) {
        int i = 0;
        while (i < n && plain((char) (bytes[length + i] & 0xff))) {
            i++;
        }
        return i;
    }

    private void escaped(Text text, int from) {
        for (int i = from; i < text.length(); i++) {
            character(text.charAt(i));
        }
    }

    private static boolean plain(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    private void character(char c) {
        if (plain(c)) {
            bytes[length++] = (byte) c;
        } else if (c == '"' || c == '\\') {
            bytes[length++] = '\\';
            bytes[length++] = (byte) c;
        } else {
            bytes[length++] = '\\';
            bytes[length++] = 'u';
            for (int shift = 12; shift >= 0; shift -= 4) {
                bytes[length++] = HEX[c >>> shift & 0xf];
            }
        }
    }

    /** Appends a number. */
    public void number(long value) {
        if (value < 0) {
            raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        ensure(ROOM);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        length += digits;
        int at = length;
        do {
            long tenth = value / 10;
            bytes[--at] = (byte) ('0' + (value - 10 * tenth));
            value = tenth;
        } while (value > 0);
    }

    /** Appends {@code nanos} as milliseconds with three decimals. */
    public void millis(long nanos) {
        long micros = nanos / 1000;
        number(micros / 1000);
        raw('.');
        decimals((int) (micros % 1000));
    }

    /** Appends three digits. */
    public void decimals(int thousandths) {
        ensure(3);
        bytes[length++] = (byte) ('0' + thousandths / 100);
        bytes[length++] = (byte) ('0' + thousandths / 10 % 10);
        bytes[length++] = (byte) ('0' + thousandths % 10);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
