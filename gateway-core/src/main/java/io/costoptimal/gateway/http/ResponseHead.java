package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;

/**
 * Reads the heads of a provider's responses from raw bytes, one after another, and writes them for the client: where they
 * lie, or anew. Confined to one event loop.
 *
 * <p>Strict: {@code HTTP/1.0} or {@code HTTP/1.1}, three digits, CRLF, names that are tokens, no folded lines, no control
 * characters, so many bytes at most. There are no field objects: a head that came in one read is understood where it lies,
 * one that came in several is gathered in a buffer of this object's own. So {@link #rewrite} or {@link #write} belongs
 * right after the {@link #read} that completed it, and {@link #clear} after that; this is the one misuse.
 */
public final class ResponseHead {

    /** What {@link #read} made of the bytes. */
    public enum Progress {
        /** The head goes on; every byte was consumed. */
        MORE,
        /** The head is whole; the reader index is just past it. */
        COMPLETE,
        /** {@link #malformed} says why; nothing that follows can be trusted. */
        MALFORMED
    }

    /** What to tell the client about its connection. */
    public enum Persistence {
        /** Nothing: HTTP/1.1 keeps it. */
        IMPLIED,
        /** It ends with this answer. */
        CLOSE,
        /** It stays, to a client of HTTP/1.0 that asked for that. */
        KEEP_ALIVE
    }

    /**
     * Bytes that a head for the client is longer than the provider's, at most, as far as the gateway's own fields go: two
     * ids, the longer name of the provider's id, and what is said of the connection.
     */
    public static final int ROOM = 144;

    /** {@code HTTP/1.0}, and the bit that makes it {@code HTTP/1.1}. */
    private static final long HTTP_1_0 = 0x302e312f50545448L;

    private static final long MINOR = 1L << 56;
    private static final String VERSION = "http/1.";
    /** Length of {@code HTTP/1.1 } and of {@code HTTP/1.1 200}. */
    private static final int STATUS = 9;

    private static final int STATUS_END = 12;

    private static final byte[] OUR_VERSION = ascii("HTTP/1.1 ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
    private static final int CRLF = '\r' << 8 | '\n';

    /** Characters of a provider's id that are kept; the client gets all of it. */
    private static final int MAX_ID = 128;

    /** Bytes of a head that are copied at once for a closer look; most heads are not longer. */
    private static final int STEP = 1024;

    // Looking at an array is several times faster than asking a buffer for byte after byte. Used within one call only.
    private static final FastThreadLocal<ByteBuf> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.buffer(4 * STEP);
        }
    };

    private final int maxBytes;
    private final ResponseFields fields = new ResponseFields();

    /** Where the head lies: borrowed from the caller of {@link #read}, or {@link #split}. */
    private ByteBuf source;
    /** Index in {@link #source} of the head's first byte; all offsets count from here. */
    private int base;
    /** Owned; {@code null} unless the head came in several reads. */
    private ByteBuf split;

    private int scanned;
    private int lineStart;
    private int statusLineEnd;
    private int headEnd;
    private int status;
    private boolean http11;
    private String malformed;

    /** @param maxBytes of a head, its last empty line included */
    public ResponseHead(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Reads on.
     *
     * @param in borrowed, until {@link #clear} if the head is complete; its reader index moves past what belongs to the
     *     head
     * @param alloc for a head that goes on
     */
    public Progress read(ByteBuf in, ByteBufAllocator alloc) {
        if (split != null) {
            return readSplit(in);
        }
        source = in;
        base = in.readerIndex();
        Progress progress = scan(Math.min(in.readableBytes(), maxBytes));
        if (progress == Progress.COMPLETE) {
            in.skipBytes(headEnd);
        } else if (progress == Progress.MORE) {
            split = alloc.ioBuffer(Math.min(maxBytes, Math.max(1024, 2 * in.readableBytes())), maxBytes);
            split.writeBytes(in);
            source = split;
            base = 0;
        }
        return progress;
    }

    private Progress readSplit(ByteBuf in) {
        split.writeBytes(in, Math.min(in.readableBytes(), maxBytes - split.writerIndex()));
        Progress progress = scan(split.writerIndex());
        if (progress == Progress.COMPLETE) {
            in.readerIndex(in.readerIndex() - (split.writerIndex() - headEnd));
        }
        return progress;
    }

    /** Looks at whole lines among the first {@code length} bytes, from where it stopped last time. */
    private Progress scan(int length) {
        // However small the pieces of a line, it is copied once.
        if (split != null && source.indexOf(base + scanned, base + length, (byte) '\n') < 0) {
            scanned = length;
            return unfinished(length);
        }
        byte[] head = SCRATCH.get().array();
        int known = lineStart;
        int at = lineStart;
        while (true) {
            // Nearly every line is text up to its CRLF, so that one look finds its end and no fault.
            at = HeadBytes.textEnd(head, at, known);
            boolean text = known - at >= 2 && head[at] == '\r' && head[at + 1] == '\n';
            int lineFeed = text ? at + 1 : HeadBytes.lineFeed(head, at, known);
            if (lineFeed < 0) {
                if (known == length) {
                    scanned = length;
                    return unfinished(length);
                }
                int step = Math.min(length - known, STEP);
                head = scratch(known + step);
                source.getBytes(base + known, head, known, step);
                known += step;
                continue;
            }
            at = lineFeed + 1;
            int end = lineFeed - 1;
            if (end < lineStart || head[end] != '\r') {
                return fail("line without CRLF");
            }
            if (status != 0 && end == lineStart) {
                return complete(head, at);
            }
            String wrong = status == 0 ? statusLine(head, end, text) : fields.add(head, lineStart, end, text);
            if (wrong != null) {
                return fail(wrong);
            }
            lineStart = at;
            scanned = at;
        }
    }

    /** Returns an array of at least {@code bytes}, with the same in it as before. */
    private static byte[] scratch(int bytes) {
        ByteBuf scratch = SCRATCH.get();
        if (scratch.capacity() < bytes) {
            scratch.capacity(Math.max(bytes, 2 * scratch.capacity()));
        }
        return scratch.array();
    }

    private Progress complete(byte[] head, int end) {
        headEnd = end;
        if (split != null) {
            // Of the lines before the last read's, the array knows nothing.
            source.getBytes(base, head, 0, headEnd);
        }
        fields.dropNominated(head);
        return Progress.COMPLETE;
    }

    /** What cannot become a head is told at once, not when its sender has had time enough to end it. */
    private Progress unfinished(int length) {
        if (length >= maxBytes) {
            return fail("head of more than " + maxBytes + " bytes");
        }
        byte[] start = ByteBufUtil.getBytes(source, base, Math.min(length, VERSION.length()));
        boolean http = HeadBytes.startsWith(start, 0, start.length, VERSION.substring(0, start.length));
        return http ? Progress.MORE : fail("not HTTP/1.x");
    }

    private Progress fail(String reason) {
        malformed = reason;
        return Progress.MALFORMED;
    }

    /** {@code HTTP/1.1 200 OK}; the reason, and the blank before it, may be missing. */
    private String statusLine(byte[] head, int end, boolean text) {
        if (end < STATUS_END || (Swar.word(head, 0) & ~MINOR) != HTTP_1_0 || head[STATUS - 1] != ' ') {
            return "not HTTP/1.x";
        }
        int code = 0;
        for (int i = STATUS; i < STATUS_END; i++) {
            int digit = head[i] - '0';
            if (digit < 0 || digit > 9) {
                return "status";
            }
            code = 10 * code + digit;
        }
        boolean reason = end > STATUS_END;
        if (code < 100 || code > 599 || reason && head[STATUS_END] != ' ') {
            return "status";
        }
        if (!text) {
            return "reason phrase";
        }
        status = code;
        http11 = (Swar.word(head, 0) & MINOR) != 0;
        statusLineEnd = end;
        return null;
    }

    /** What is wrong; {@code null} unless {@link Progress#MALFORMED}. */
    public String malformed() {
        return malformed;
    }

    public int status() {
        return status;
    }

    /** How the body's end is found, for a request of {@code method}. */
    public BodyFraming framing(String method) {
        return BodyFraming.ofResponse(method, status, http11, fields.contentLength, fields.transferCoding);
    }

    /** Whether the provider would take another request on this connection. */
    public boolean keepAlive() {
        return !fields.close && (http11 || fields.keepAlive);
    }

    /** Whether the body is {@code text/event-stream}. */
    public boolean eventStream() {
        return fields.eventStream;
    }

    /** How the body is packed; nothing can be added to one that is. */
    public ContentCoding coding() {
        return fields.coding;
    }

    /** What the provider called this request, up to a length; {@code null} when it gave no name. */
    public String requestId() {
        return idLength() <= 0 ? null : source.toString(base + fields.idStart, idLength(), StandardCharsets.ISO_8859_1);
    }

    private int idLength() {
        return Math.min(fields.idEnd - fields.idStart, MAX_ID);
    }

    /** Leaves out what the provider says of the web pages that may read its answer; before {@link #rewrite} or {@link #write}. */
    public void dropCrossOrigin() {
        fields.dropCrossOrigin(source, base);
    }

    /** Leaves out the length of the body, which the client's is not going to have; before {@link #rewrite} or {@link #write}. */
    public void dropLength() {
        fields.dropLength();
    }

    /** Whether {@code body} is what this head was read from, and goes on right behind it. */
    public boolean precedes(ByteBuf body) {
        return body == source && body.readerIndex() == base + headEnd;
    }

    /** Bytes of this head as it came, its last empty line included. */
    public int length() {
        return headEnd;
    }

    /** Copies this head as it came. */
    public void copyTo(ByteBuf out) {
        out.writeBytes(source, base, headEnd);
    }

    /**
     * Writes this head for the client where it lies, so that it ends where the body begins and both are one buffer: the
     * same bytes as from {@link #write}. The indices of the buffer stay as they are.
     *
     * <p>A head that became longer begins before the provider's did: whatever the buffer holds before it was read already,
     * or is {@link #ROOM} that was left free, and is written over.
     *
     * @param chunked whether the body is passed on in the chunked coding
     * @param persistence what the client is told about its connection
     * @param added the gateway's own fields
     * @return index of its first byte in the buffer that was read last; -1, with nothing changed, where it came in
     *     several, or must not be changed, or has no room for what the client is told
     */
    public int rewrite(boolean chunked, Persistence persistence, AddedFields added) {
        if (split != null || source.isReadOnly()) {
            return -1;
        }
        ByteBuf head = SCRATCH.get().clear();
        write(head, chunked, persistence, added);
        int length = head.readableBytes();
        int start = base + headEnd - length;
        if (start < 0) {
            return -1;
        }
        source.setBytes(start, head, 0, length);
        return start;
    }

    /**
     * Returns a new buffer with this head for the client: the same status and reason, the same fields byte for byte in the
     * same order, except those that end at this hop (RFC 9110, 7.6.1). The provider's id of the request stays in its place
     * under the name {@code x-upstream-request-id}; the gateway's own fields follow the provider's.
     *
     * @param chunked whether the body is passed on in the chunked coding
     * @param persistence what the client is told about its connection
     * @param added the gateway's own fields
     * @param room bytes that the caller is going to write into the buffer behind the head
     */
    public ByteBuf write(
            ByteBufAllocator alloc, boolean chunked, Persistence persistence, AddedFields added, int room) {
        ByteBuf out = alloc.ioBuffer(headEnd + CHUNKED.length + ROOM + room);
        try {
            write(out, chunked, persistence, added);
        } catch (Throwable e) {
            out.release();
            throw e;
        }
        return out;
    }

    private void write(ByteBuf out, boolean chunked, Persistence persistence, AddedFields added) {
        out.writeBytes(OUR_VERSION).writeBytes(source, base + STATUS, statusLineEnd - STATUS);
        if (statusLineEnd == STATUS_END) {
            out.writeByte(' ');
        }
        out.writeShort(CRLF);
        fields.copy(source, base, statusLineEnd + 2, headEnd - 2, out, status, chunked);
        added.writeTo(out);
        if (chunked) {
            out.writeBytes(CHUNKED);
        }
        switch (persistence) {
            case CLOSE -> out.writeBytes(CLOSE);
            case KEEP_ALIVE -> out.writeBytes(KEEP_ALIVE);
            default -> {}
        }
        out.writeShort(CRLF);
    }

    /**
     * Passes the fields of this head that a client gets by another protocol than HTTP/1, in their order: as {@link #write}
     * writes them for a body without chunks.
     */
    public void fields(FieldSink sink) {
        byte[] head = scratch(headEnd);
        source.getBytes(base, head, 0, headEnd);
        fields.each(head, headEnd - 2, status, sink);
    }

    /** Forgets everything: the next byte read begins a new head. */
    public void clear() {
        if (split != null) {
            split.release();
            split = null;
        }
        source = null;
        scanned = 0;
        lineStart = 0;
        status = 0;
        malformed = null;
        fields.clear();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
