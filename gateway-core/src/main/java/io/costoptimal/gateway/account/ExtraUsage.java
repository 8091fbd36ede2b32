package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.costoptimal.gateway.http.Swar;

/**
 * Finds the event that a chat stream has more because it was asked for usage: the one with an empty {@code choices} and a
 * {@code usage}. Confined to the event loop of its exchange. Lines end with LF, CRLF or CR (WHATWG HTML, 9.2.6).
 *
 * <p>Tells one run of bytes after the other what becomes of it. Of an event that is not whole yet it may not be known; what
 * it finally is holds for those bytes, too. Nearly all events are passed by without a closer look.
 */
public final class ExtraUsage {

    /** What becomes of a run of bytes. */
    public enum Fate {
        /** It is no part of the event, nor is what was {@link #OPEN} before it. */
        PASSES,
        /** It is the event's last part; what was {@link #OPEN} before it is the rest. */
        EXTRA,
        /** It may be a part of the event. */
        OPEN
    }

    /** The event has some 400 bytes; what is longer passes. */
    private static final int MAX_OPEN = 8 * 1024;

    private static final byte[] DATA = "data:".getBytes(US_ASCII);
    private static final int OTHER_LINE = -1;

    private final ChunkShape shape = new ChunkShape();

    private boolean inEvent;
    private Fate fate = Fate.PASSES;
    /** Bytes of the present event that are open. */
    private int open;
    /** Whether the event is a comment, which ends with its line. */
    private boolean comment;

    /** How much of {@code data:} this line began with, all of it for a line of data; or {@link #OTHER_LINE}. */
    private int field;

    private boolean afterReturn;

    /**
     * Reads the next run.
     *
     * @return where it ends, behind {@code from}; {@link #fate} says what becomes of it
     */
    public int read(byte[] bytes, int from, int end) {
        if (inEvent) {
            return event(bytes, from, end);
        }
        if (afterReturn && bytes[from] == '\n') {
            // The second half of a line end, which goes the way of the first.
            afterReturn = false;
            return from + 1;
        }
        int i = from;
        for (int next = i; next != QuietEvent.NONE; next = QuietEvent.end(bytes, i, end)) {
            i = next;
        }
        if (i > from) {
            afterReturn = false;
            fate = Fate.PASSES;
            return i;
        }
        inEvent = true;
        fate = Fate.OPEN;
        open = 0;
        field = 0;
        comment = bytes[from] == ':';
        shape.clear();
        return event(bytes, from, end);
    }

    /** What becomes of the run that was read last. */
    public Fate fate() {
        return fate;
    }

    /** Whether what is open is whole but for the end of its event, and would be {@link Fate#EXTRA} with that. */
    public boolean extraSoFar() {
        return inEvent && fate == Fate.OPEN && shape.onlyUsage();
    }

    private int event(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && inEvent) {
            byte c = bytes[i];
            if (c == '\n' && afterReturn) {
                afterReturn = false;
                i++;
            } else if (c == '\n' || c == '\r') {
                afterReturn = c == '\r';
                i++;
                lineEnd(open + i - from <= MAX_OPEN);
            } else {
                afterReturn = false;
                i = line(bytes, i, end);
            }
        }
        open += i - from;
        if (fate == Fate.OPEN && (comment || shape.other() || open > MAX_OPEN)) {
            fate = Fate.PASSES;
        }
        return i;
    }

    private void lineEnd(boolean shortEnough) {
        boolean blank = field == 0;
        field = 0;
        if (blank || comment) {
            inEvent = false;
            if (fate == Fate.OPEN) {
                fate = shortEnough && shape.onlyUsage() ? Fate.EXTRA : Fate.PASSES;
            }
        }
    }

    /** Reads on in a line, at most to its end. */
    private int line(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && field >= 0 && field < DATA.length) {
            if (bytes[i] != DATA[field]) {
                field = OTHER_LINE;
                break;
            }
            field++;
            i++;
        }
        int lineEnd = Swar.lineEnd(bytes, i, end);
        if (field == DATA.length && fate == Fate.OPEN) {
            shape.feed(bytes, i, lineEnd);
        }
        return lineEnd;
    }
}
