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
    private static final int FATE_BITS = 2;

    /** More than any provider nominates; each is compared with every field. */
    private static final int MAX_NOMINATED = 16;

    /** Offset of each line, and in the low bits its fate. */
    private int[] lines = new int[24];

    private int count;
    private List<String> nominated;

    boolean close;
    boolean keepAlive;
    boolean eventStream;
    boolean encoded;
    long contentLength;
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
        encoded = false;
        contentLength = -1;
        transferCoding = TransferCoding.ABSENT;
    }

    /**
     * Notes one line.
     *
     * @param base index of the head's first byte
     * @param start offset of the line
     * @param end offset of its CRLF
     * @return what is wrong with it, or {@code null}
     */
    String add(ByteBuf buf, int base, int start, int end) {
        int name = base + start;
        int lineEnd = base + end;
        int colon = name;
        while (colon < lineEnd && HeadBytes.token(buf.getByte(colon))) {
            colon++;
        }
        // A line that begins with a blank would go on the one before: its empty name is no token.
        if (colon == name || colon == lineEnd || buf.getByte(colon) != ':') {
            return "field name";
        }
        if (!HeadBytes.text(buf, colon + 1, lineEnd)) {
            return "field value";
        }
        int value = HeadBytes.skipBlanks(buf, colon + 1, lineEnd);
        int valueEnd = HeadBytes.dropBlanks(buf, value, lineEnd);
        if (count == lines.length) {
            lines = Arrays.copyOf(lines, 2 * count);
        }
        lines[count++] = start << FATE_BITS | fate(buf, name, colon);
        return note(buf, name, colon, value, valueEnd);
    }

    private static int fate(ByteBuf buf, int name, int end) {
        if (HopByHop.FIXED.contains(buf, name, end - name)) {
            return DROP;
        }
        return switch (end - name) {
            case 7 -> HeadBytes.spells(buf, name, end, "trailer") ? TRAILER : KEEP;
            case 14 -> HeadBytes.spells(buf, name, end, "content-length") ? LENGTH : KEEP;
            default -> KEEP;
        };
    }

    private String note(ByteBuf buf, int name, int colon, int value, int end) {
        switch (colon - name) {
            case 10:
                return HeadBytes.spells(buf, name, colon, "connection") ? connection(buf, value, end) : null;
            case 12:
                eventStream |= HeadBytes.spells(buf, name, colon, "content-type") && isEventStream(buf, value, end);
                return null;
            case 14:
                return HeadBytes.spells(buf, name, colon, "content-length") ? contentLength(buf, value, end) : null;
            case 16:
                encoded |= HeadBytes.spells(buf, name, colon, "content-encoding");
                return null;
            case 17:
                if (HeadBytes.spells(buf, name, colon, "transfer-encoding")) {
                    boolean chunked =
                            transferCoding == TransferCoding.ABSENT && HeadBytes.spells(buf, value, end, "chunked");
                    transferCoding = chunked ? TransferCoding.CHUNKED : TransferCoding.OTHER;
                }
                return null;
            default:
                return null;
        }
    }

    private static boolean isEventStream(ByteBuf buf, int value, int end) {
        String type = "text/event-stream";
        int after = value + type.length();
        return HeadBytes.startsWith(buf, value, end, type)
                && (after == end || buf.getByte(after) == ';' || HeadBytes.blank(buf.getByte(after)));
    }

    private String contentLength(ByteBuf buf, int value, int end) {
        if (contentLength >= 0) {
            return "more than one content-length";
        }
        if (value == end || end - value > 18) {
            return "content-length";
        }
        long length = 0;
        for (int i = value; i < end; i++) {
            int digit = buf.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return "content-length";
            }
            length = 10 * length + digit;
        }
        contentLength = length;
        return null;
    }

    /** A comma-separated list of {@code close}, {@code keep-alive} and names of fields that end here. */
    private String connection(ByteBuf buf, int value, int end) {
        int start = value;
        while (start < end) {
            int comma = buf.indexOf(start, end, (byte) ',');
            int next = comma < 0 ? end : comma;
            int first = HeadBytes.skipBlanks(buf, start, next);
            int last = HeadBytes.dropBlanks(buf, first, next);
            if (HeadBytes.spells(buf, first, last, "close")) {
                close = true;
            } else if (HeadBytes.spells(buf, first, last, "keep-alive")) {
                keepAlive = true;
            } else if (last > first) {
                if (nominated.size() == MAX_NOMINATED) {
                    return "connection nominates too many fields";
                }
                nominated = nominated.isEmpty() ? new ArrayList<>(2) : nominated;
                nominated.add(buf.toString(first, last - first, StandardCharsets.US_ASCII));
            }
            start = next + 1;
        }
        return null;
    }

    /** Marks what {@code Connection} nominated, wherever it stood (trap 43). To be called once the head is whole. */
    void dropNominated(ByteBuf buf, int base) {
        if (nominated.isEmpty()) {
            return;
        }
        FieldNames names = HopByHop.nominated(nominated.iterator());
        for (int i = 0; i < count; i++) {
            int start = lines[i] >> FATE_BITS;
            int name = base + start;
            int colon = buf.indexOf(name, buf.writerIndex(), (byte) ':');
            if (names.contains(buf, name, colon - name)) {
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
            if (fate == DROP || fate == LENGTH && status == 204 || fate == TRAILER && !chunked) {
                int line = lines[i] >> FATE_BITS;
                out.writeBytes(buf, base + from, line - from);
                from = i + 1 < count ? lines[i + 1] >> FATE_BITS : end;
            }
        }
        out.writeBytes(buf, base + from, end - from);
    }
}
