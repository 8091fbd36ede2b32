package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.costoptimal.gateway.http.Swar;

/**
 * The lines of an event stream: gives the data of each event to a {@link UsageScanner} and knows where an event ends.
 * Confined to the event loop of its exchange. Lines end with LF, CRLF or CR (WHATWG HTML, 9.2.6).
 */
final class EventLines {

    private static final byte[] DATA = "data:".getBytes(US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int OTHER_LINE = -1;
    private static final int NO_MARKER = -1;

    private final UsageScanner scanner;
    /** {@code null} unless text is collected. */
    private final EventText text;

    private final boolean mayBeQuiet;

    /** How much of the byte order mark was seen; its length once no more of it can come. */
    private int bom;
    /** How much of {@code data:} this line began with; all of it means that the line is data. */
    private int field;
    /** How much of {@code [DONE]} the data began with, while it may still be that. */
    private int marker = NO_MARKER;

    private boolean done;
    private boolean blank = true;
    private byte terminator = '\n';
    private boolean lastWasReturn;
    private boolean boundary = true;
    private boolean ended;

    /** @param text gets the same data; {@code null} when nobody wants the text */
    EventLines(UsageScanner scanner, EventText text) {
        this.scanner = scanner;
        this.text = text;
        mayBeQuiet = scanner.dialect().plain();
    }

    /** Whether nothing or a blank line came last. A CR that may be half of a CRLF is not yet the end of a line. */
    boolean atBoundary() {
        return boundary;
    }

    /** Whether an event that ends the stream has passed. */
    boolean ended() {
        return ended;
    }

    void feed(byte[] bytes, int from, int end) {
        int i = bom < BOM.length ? skipBom(bytes, from, end) : from;
        while (i < end) {
            if (mayBeQuiet && blank && field == 0) {
                int behind = QuietEvent.end(bytes, i, end);
                if (behind != QuietEvent.NONE) {
                    quietEvent();
                    if (text != null) {
                        text.data(bytes, i + DATA.length + 1, behind - 2, true);
                    }
                    i = behind;
                    continue;
                }
            }
            byte c = bytes[i];
            if (c == '\n' || c == '\r') {
                lineEnd(c);
                i++;
            } else {
                boundary = false;
                lastWasReturn = false;
                i = line(bytes, i, end);
            }
        }
    }

    /** An event of one line has passed, and its blank line; as if each byte had been read. */
    private void quietEvent() {
        boundary = true;
        terminator = '\n';
        lastWasReturn = false;
    }

    private int skipBom(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bom < BOM.length && bytes[i] == BOM[bom]) {
            i++;
            bom++;
            boundary = false;
        }
        if (i < end) {
            bom = BOM.length;
        }
        return i;
    }

    /** Reads on in a line, at most to its end. */
    private int line(byte[] bytes, int from, int end) {
        if (field >= 0 && field < DATA.length) {
            return fieldName(bytes, from, end);
        }
        if (marker >= 0) {
            return dataBegin(bytes, from, end);
        }
        int lineEnd = Swar.lineEnd(bytes, from, end);
        if (field == DATA.length) {
            scanner.feed(bytes, from, lineEnd);
            if (text != null) {
                text.data(bytes, from, lineEnd, lineEnd < end);
            }
        }
        return lineEnd;
    }

    private int fieldName(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && field < DATA.length) {
            if (bytes[i] != DATA[field]) {
                field = OTHER_LINE;
                return i;
            }
            field++;
            i++;
        }
        marker = field == DATA.length ? 0 : NO_MARKER;
        return i;
    }

    /** Holds back what may become the marker; the scanner gets it once that is decided. */
    private int dataBegin(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end) {
            if (marker == 0 && bytes[i] == ' ') {
                i++;
                continue;
            }
            if (bytes[i] != DONE[marker]) {
                break;
            }
            i++;
            marker++;
            if (marker == DONE.length) {
                done = true;
                break;
            }
        }
        if (i < end || done) {
            scanner.feed(DONE, 0, marker);
            marker = NO_MARKER;
        }
        return i;
    }

    private void lineEnd(byte c) {
        if (c == '\n' && lastWasReturn) {
            lastWasReturn = false;
            terminator = '\n';
            boundary = blank;
            return;
        }
        blank = field == 0;
        boundary = blank && (c == '\n' || terminator == '\r');
        terminator = c;
        lastWasReturn = c == '\r';
        field = 0;
        if (marker > 0) {
            scanner.feed(DONE, 0, marker);
        }
        marker = NO_MARKER;
        if (text != null) {
            text.lineEnd();
        }
        if (blank) {
            ended |= done || scanner.ending();
            done = false;
            scanner.nextDocument();
        }
    }
}
