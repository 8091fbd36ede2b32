package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.SeenText.Form;
import io.costoptimal.gateway.exchange.TextDialect;
import io.costoptimal.gateway.exchange.TextDialect.Member;
import io.costoptimal.gateway.http.Swar;

/**
 * Collects the text of a stream from the data of its events, in case its usage never comes. Confined to the event loop of its
 * exchange. Text is kept as it stands in the JSON, escapes included, one piece behind the other.
 *
 * <p>A member is found by its name alone, wherever it stands in an event. In JSON a quote and a colon end a name and nothing
 * else: inside a string the quote would have a backslash before it. So what a model says cannot pass for a member.
 */
final class EventText {

    private static final byte[] QUOTE = {'"'};

    private final TextDialect dialect;
    private final ByteBudget memory;
    /** One JSON string without its end. */
    private final BoundedBytes text;
    /** The begin of a line that has not ended yet; {@code null} before the first line that came in two reads. */
    private BoundedBytes begun;

    private long missed;
    /** Bytes of the present line that there was no room for. */
    private long unread;

    private boolean other;
    /** How long the name is that the twins of this event have; 0 before the first. */
    private int twin;

    EventText(TextDialect dialect, ByteBudget memory) {
        this.dialect = dialect;
        this.memory = memory;
        text = new BoundedBytes(memory, Accounting.MAX_TEXT);
    }

    /** Reads the next bytes of a line of data; the last of it if {@code ended}. */
    void data(byte[] bytes, int from, int end, boolean ended) {
        if (ended && (begun == null || begun.length() == 0)) {
            read(bytes, from, end);
            return;
        }
        if (begun == null) {
            begun = new BoundedBytes(memory, Accounting.MAX_TEXT);
        }
        unread += end - from - begun.add(bytes, from, end);
        if (ended) {
            lineEnd();
        }
    }

    /** The line of data has ended, wherever its last bytes came. */
    void lineEnd() {
        if (begun != null && begun.length() > 0) {
            read(begun.array(), 0, begun.length());
            begun.cut(0);
        }
        // There may have been text: the echo of a long request has none, and is not to be charged for as if it had.
        other |= unread > 0;
        unread = 0;
    }

    /** Reads the whole data of an event, or the begin of it if it is too long. */
    private void read(byte[] bytes, int from, int end) {
        twin = 0;
        int i = from;
        int lastWord = end - Long.BYTES - 1;
        while (i <= lastWord) {
            long hits = Swar.nameEnds(Swar.word(bytes, i), Swar.word(bytes, i + 1));
            if (hits == 0) {
                i += Long.BYTES;
                continue;
            }
            int quote = i + Swar.first(hits);
            i = bytes[quote] == '"' && bytes[quote + 1] == ':' ? behind(bytes, from, quote, end) : quote + 1;
        }
        while (i < end - 1) {
            i = bytes[i] == '"' && bytes[i + 1] == ':' ? behind(bytes, from, i, end) : i + 1;
        }
    }

    /** Looks at the member whose name ends at {@code quote}, and returns where to read on. */
    private int behind(byte[] bytes, int from, int quote, int end) {
        Member member = dialect.member(bytes, from, quote);
        int value = quote + 2;
        if (member == null) {
            return value;
        }
        while (value < end && bytes[value] == ' ') {
            value++;
        }
        if (value == end || bytes[value] == 'n') {
            return value;
        }
        if (member == Member.OTHER) {
            other |= !isEmpty(bytes, value, end);
            return value;
        }
        if (bytes[value] != '"') {
            return value;
        }
        int close = close(bytes, value + 1, end);
        if (member == Member.TYPE) {
            boolean encoded = dialect.encoded(bytes, value + 1, Math.min(close, end));
            other |= encoded;
            return encoded ? end : close + 1;
        }
        if (member == Member.TEXT || isTheTwin(quote, bytes, from, close - value - 1)) {
            add(bytes, value + 1, close, end);
        }
        return close + 1;
    }

    /** Whether the text whose name ends at {@code quote} has the name that counts in this event. */
    private boolean isTheTwin(int quote, byte[] bytes, int from, int length) {
        int start = quote - 1;
        while (start > from && bytes[start] != '"') {
            start--;
        }
        if (twin == 0 && length > 0) {
            twin = quote - start;
        }
        return twin == quote - start;
    }

    /** Whether {@code []} or <code>{}</code> begins at {@code value}. */
    private static boolean isEmpty(byte[] bytes, int value, int end) {
        return value + 1 == end || bytes[value + 1] == (bytes[value] == '[' ? ']' : '}');
    }

    /** The index of the quote that closes the string; {@code end} if it is not there. */
    private static int close(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end) {
            i = Swar.quoteOrBackslash(bytes, i, end);
            if (i < end && bytes[i] == '"') {
                return i;
            }
            i += 2;
        }
        return end;
    }

    /** Adds a piece of text, all of it or nothing. */
    private void add(byte[] bytes, int from, int close, int end) {
        int length = close - from;
        if (close == end) {
            // The text goes on in what was not read, and takes up most of that.
            missed += length + unread;
            unread = 0;
            return;
        }
        if (missed > 0) {
            missed += length;
            return;
        }
        if (text.length() == 0) {
            text.add(QUOTE, 0, 1);
        }
        int before = text.length();
        // The closing quote comes along, so that there is room for it at the end.
        if (before == 0 || text.add(bytes, from, close + 1) < length + 1) {
            text.cut(before);
            missed += length;
        } else {
            text.cut(before + length);
        }
    }

    /** Returns what was collected, the caller's to release. */
    SeenText take() {
        if (begun != null) {
            begun.release();
        }
        int length = text.length();
        if (length > 0) {
            length++;
        }
        byte[] bytes = text.take();
        if (length > 0) {
            bytes[length - 1] = '"';
        }
        return new SeenText(bytes, length, missed, other ? Form.STRING_AND_OTHER : Form.STRING, memory);
    }

    /** Gives all memory back. */
    void release() {
        take().release();
    }
}
