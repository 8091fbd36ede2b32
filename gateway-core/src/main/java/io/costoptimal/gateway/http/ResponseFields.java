package io.costoptimal.gateway.http;

import io.costoptimal.gateway.http.BodyFraming.TransferCoding;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The field lines of one response head: where each begins, what becomes of it, and the facts found among them. Confined to
 * the event loop of its {@link ResponseHead}. All offsets count from the head's first byte, all buffers are borrowed.
 */
final class ResponseFields {

    /** What becomes of a field on its way to the client. */
    private static final int KEEP = 0;

    private static final int DROP = 1;
    private static final int LENGTH = 2;
    private static final int TRAILER = 3;
    /** The provider's id of the request: passed on under another name. */
    private static final int ID = 4;

    private static final int FATE_BITS = 3;

    /** The names that say something here: nearly every line is none of them. */
    private static final FieldNames KNOWN = HopByHop.FIXED
            .with("trailer", "content-length", "content-type", "content-encoding")
            .with("x-request-id", "request-id", "x-upstream-request-id");

    /** What the client gets the provider's id as; the names it had are those of the gateway's own. */
    private static final byte[] UPSTREAM_ID = "x-upstream-request-id".getBytes(StandardCharsets.US_ASCII);

    /** What the names of the fields begin with that say which web pages may read an answer (Fetch standard, 3.2). */
    private static final String CROSS_ORIGIN = "access-control-";

    /** More than any provider nominates; each is compared with every field. */
    private static final int MAX_NOMINATED = 16;

    /** Offset of each line, and in the low bits its fate. */
    private int[] lines = new int[24];

    private int count;
    private List<String> nominated;

    boolean close;
    boolean keepAlive;
    boolean eventStream;
    /** Of the body. */
    ContentCoding coding;

    long contentLength;
    /** Offsets of the provider's id, {@code idEnd} -1 when there is none. */
    int idStart;

    int idEnd;
    TransferCoding transferCoding;

    ResponseFields() {
        clear();
    }

    void clear() {
        count = 0;
        nominated = List.of();
        close = false;
        keepAlive = false;
        eventStream = false;
        coding = ContentCoding.IDENTITY;
        contentLength = -1;
        idStart = 0;
        idEnd = -1;
        transferCoding = TransferCoding.ABSENT;
    }

    /**
     * Notes one line.
     *
     * @param head from its first byte on, at least up to this line's end; of the lines before, it need not hold the bytes
     * @param start offset of the line
     * @param end offset of its CRLF
     * @param text whether all of it is {@link HeadBytes#text(byte)}
     * @return what is wrong with it, or {@code null}
     */
    String add(byte[] head, int start, int end, boolean text) {
        int colon = HeadBytes.tokenEnd(head, start, end);
        // A line that begins with a blank would go on the one before: its empty name is no token.
        if (colon == start || colon == end || head[colon] != ':') {
            return "field name";
        }
        if (!text) {
            return "field value";
        }
        if (count == lines.length) {
            lines = Arrays.copyOf(lines, 2 * count);
        }
        if (!KNOWN.contains(head, start, colon - start)) {
            lines[count++] = start << FATE_BITS | KEEP;
            return null;
        }
        int fate = fate(head, start, colon);
        lines[count++] = start << FATE_BITS | fate;
        return note(head, start, colon, end, fate);
    }

    /** Of a known name. */
    private int fate(byte[] head, int name, int end) {
        if (HopByHop.FIXED.contains(head, name, end - name)) {
            return DROP;
        }
        // Those that are left differ in length, or in their first letter.
        return switch (end - name) {
            case 7 -> TRAILER;
            case 10 -> firstId();
            case 12 -> (head[name] | ' ') == 'x' ? firstId() : KEEP;
            case 14 -> LENGTH;
            // Another gateway, behind this one, says what it was told. Its own id is the one that leads there.
            case 21 -> DROP;
            default -> KEEP;
        };
    }

    /** A second id, under the other name or the same, would make two lines of one name. */
    private int firstId() {
        return idEnd < 0 ? ID : DROP;
    }

    private String note(byte[] head, int name, int colon, int lineEnd, int fate) {
        int value = HeadBytes.skipBlanks(head, colon + 1, lineEnd);
        int end = HeadBytes.dropBlanks(head, value, lineEnd);
        if (fate == LENGTH) {
            return contentLength(head, value, end);
        }
        if (fate == ID) {
            idStart = value;
            idEnd = end;
            return null;
        }
        switch (colon - name) {
            case 10:
                return HeadBytes.spells(head, name, colon, "connection") ? connection(head, value, end) : null;
            case 12:
                eventStream |= fate == KEEP && isEventStream(head, value, end);
                return null;
            case 16:
                if (fate == KEEP) {
                    String said = new String(head, value, end - value, StandardCharsets.ISO_8859_1);
                    coding = coding.with(ContentCoding.of(List.of(said)));
                }
                return null;
            case 17:
                if (HeadBytes.spells(head, name, colon, "transfer-encoding")) {
                    boolean chunked =
                            transferCoding == TransferCoding.ABSENT && HeadBytes.spells(head, value, end, "chunked");
                    transferCoding = chunked ? TransferCoding.CHUNKED : TransferCoding.OTHER;
                }
                return null;
            default:
                return null;
        }
    }

    private static boolean isEventStream(byte[] head, int value, int end) {
        String type = "text/event-stream";
        int after = value + type.length();
        return HeadBytes.startsWith(head, value, end, type)
                && (after == end || head[after] == ';' || HeadBytes.blank(head[after]));
    }

    private String contentLength(byte[] head, int value, int end) {
        if (contentLength >= 0) {
            return "more than one content-length";
        }
        if (value == end || end - value > 18) {
            return "content-length";
        }
        long length = 0;
        for (int i = value; i < end; i++) {
            int digit = head[i] - '0';
            if (digit < 0 || digit > 9) {
                return "content-length";
            }
            length = 10 * length + digit;
        }
        contentLength = length;
        return null;
    }

    /** A comma-separated list of {@code close}, {@code keep-alive} and names of fields that end here. */
    private String connection(byte[] head, int value, int end) {
        int start = value;
        while (start < end) {
            int next = start;
            while (next < end && head[next] != ',') {
                next++;
            }
            int first = HeadBytes.skipBlanks(head, start, next);
            int last = HeadBytes.dropBlanks(head, first, next);
            if (HeadBytes.spells(head, first, last, "close")) {
                close = true;
            } else if (HeadBytes.spells(head, first, last, "keep-alive")) {
                keepAlive = true;
            } else if (last > first) {
                if (nominated.size() == MAX_NOMINATED) {
                    return "connection nominates too many fields";
                }
                nominated = nominated.isEmpty() ? new ArrayList<>(2) : nominated;
                nominated.add(new String(head, first, last - first, StandardCharsets.US_ASCII));
            }
            start = next + 1;
        }
        return null;
    }

    /** Marks what {@code Connection} nominated, wherever it stood (trap 43). To be called with all of the head. */
    void dropNominated(byte[] head) {
        if (nominated.isEmpty()) {
            return;
        }
        FieldNames names = HopByHop.nominated(nominated.iterator());
        for (int i = 0; i < count; i++) {
            int start = lines[i] >> FATE_BITS;
            int colon = HeadBytes.tokenEnd(head, start, head.length);
            if (names.contains(head, start, colon - start)) {
                lines[i] = start << FATE_BITS | DROP;
            }
        }
    }

    /** Marks the length of the body. */
    void dropLength() {
        for (int i = 0; i < count; i++) {
            if ((lines[i] & (1 << FATE_BITS) - 1) == LENGTH) {
                lines[i] = lines[i] >> FATE_BITS << FATE_BITS | DROP;
            }
        }
    }

    /** Marks every field that tells browsers which pages may read the answer: the gateway says that itself. */
    void dropCrossOrigin(ByteBuf buf, int base) {
        byte[] name = new byte[CROSS_ORIGIN.length()];
        for (int i = 0; i < count; i++) {
            int start = lines[i] >> FATE_BITS;
            buf.getBytes(base + start, name, 0, Math.min(name.length, buf.writerIndex() - base - start));
            if (HeadBytes.spells(name, 0, name.length, CROSS_ORIGIN)) {
                lines[i] = start << FATE_BITS | DROP;
            }
        }
    }

    /**
     * Copies the lines that the client is to have, byte for byte, in as few pieces as there are gaps.
     *
     * @param start offset of the first line
     * @param end offset just past the last
     * @param status a 204 has no length (RFC 9110, 8.6; trap 45)
     * @param chunked only a body passed on in chunks keeps its trailers
     */
    void copy(ByteBuf buf, int base, int start, int end, ByteBuf out, int status, boolean chunked) {
        int from = start;
        for (int i = 0; i < count; i++) {
            int fate = lines[i] & (1 << FATE_BITS) - 1;
            if (fate == KEEP) {
                continue;
            }
            int line = lines[i] >> FATE_BITS;
            if (fate == ID) {
                out.writeBytes(buf, base + from, line - from).writeBytes(UPSTREAM_ID);
                from = buf.indexOf(base + line, base + idStart, (byte) ':') - base;
            } else if (fate == DROP || fate == LENGTH && status == 204 || fate == TRAILER && !chunked) {
                out.writeBytes(buf, base + from, line - from);
                from = i + 1 < count ? lines[i + 1] >> FATE_BITS : end;
            }
        }
        out.writeBytes(buf, base + from, end - from);
    }

    /**
     * Passes the fields that a client gets who is told the end of the body in another way than by chunks: those that
     * {@link #copy} leaves, one by one.
     *
     * @param head from its first byte on
     * @param end offset just past the last line
     * @param status a 204 has no length (RFC 9110, 8.6; trap 45)
     */
    void each(byte[] head, int end, int status, FieldSink sink) {
        for (int i = 0; i < count; i++) {
            int fate = lines[i] & (1 << FATE_BITS) - 1;
            if (fate == DROP || fate == TRAILER || fate == LENGTH && status == 204) {
                continue;
            }
            int line = lines[i] >> FATE_BITS;
            int lineEnd = (i + 1 < count ? lines[i + 1] >> FATE_BITS : end) - 2;
            int colon = HeadBytes.tokenEnd(head, line, lineEnd);
            int value = HeadBytes.skipBlanks(head, colon + 1, lineEnd);
            int valueEnd = HeadBytes.dropBlanks(head, value, lineEnd);
            if (fate == ID) {
                sink.field(UPSTREAM_ID, 0, UPSTREAM_ID.length, head, value, valueEnd);
            } else {
                sink.field(head, line, colon, head, value, valueEnd);
            }
        }
    }
}
