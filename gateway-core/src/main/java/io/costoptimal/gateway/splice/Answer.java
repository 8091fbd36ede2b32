package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.account.UnpackedPayload;
import io.costoptimal.gateway.account.UsageTap;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.http.AddedFields;
import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.http.Dechunker;
import io.costoptimal.gateway.http.PayloadSink;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.http.ResponseHead.Persistence;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/**
 * The client's half of a relay: one provider's answer on its way to the client. Confined to the event loop of both.
 *
 * <p>The head is written for the client, the body is written as it came, in the buffers in which it came (traps 5.2). Bytes
 * behind its end do not pass. Writing may change the client's writability, and so call back into {@link Relay}, before a method
 * here returns (trap 24).
 */
final class Answer implements AddedFields {

    /** Bytes written and not flushed, at most, within one read of the provider's connection. */
    private static final int MAX_UNFLUSHED = 128 * 1024;

    /** Bytes of a body that are copied behind the head they came with. */
    private static final int MAX_JOINED = 4096;

    private static final int CRLF = '\r' << 8 | '\n';

    private static final byte[] REQUEST_ID = "x-request-id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANTHROPIC_REQUEST_ID = "request-id: ".getBytes(StandardCharsets.US_ASCII);

    private final ChannelHandlerContext client;
    private final Exchange exchange;
    private final AnswerBody body;
    private final boolean keepAlive;
    private final boolean eventStream;

    /** {@code null} for a body nobody can look into. */
    private final UsageTap tap;
    /** {@code null} unless the body has to be unpacked for the tap. */
    private final UnpackedPayload unpacked;
    /** {@code null} unless the client cannot read chunks. */
    private final Dechunker dechunker;
    /** The first that sees the payload; {@code null} when nobody wants to. */
    private final PayloadSink sink;

    private int unflushed;
    /** How many of the bytes that were scanned last belong to the body. */
    private int scanned;

    private boolean surplus;

    /**
     * @param head complete; borrowed for the length of this call
     * @param framing of the body, as {@code head} says
     */
    Answer(ChannelHandlerContext client, Exchange exchange, ResponseHead head, BodyFraming framing) {
        this.client = client;
        this.exchange = exchange;
        body = new AnswerBody(framing);
        keepAlive = head.keepAlive();
        eventStream = head.eventStream();
        boolean plain = head.coding() == ContentCoding.IDENTITY;
        boolean readable = plain || UnpackedPayload.reads(head.coding());
        tap = readable
                ? UsageTap.of(exchange.target().endpoint(), eventStream, plain ? framing.announced() : -1)
                : null;
        unpacked = readable && !plain ? new UnpackedPayload(head.coding(), tap) : null;
        PayloadSink reader = unpacked == null ? tap : unpacked;
        dechunker = body.chunked() && !exchange.http11() ? new Dechunker(client.alloc(), reader) : null;
        sink = dechunker == null ? reader : dechunker;
        exchange.upstreamRequestId(head.requestId());
    }

    /**
     * Writes the head, and what of the body came with it: as the one buffer they are, where the head can stay in its place.
     * If not, a small body is copied behind the head, which costs less than two buffers in one write.
     *
     * @param head the one given before
     * @param first takes; scanned before, goes on behind the head, perhaps with nothing
     */
    void begin(ResponseHead head, ByteBuf first) {
        if (body.endsWithConnection() || dechunker != null) {
            exchange.closeAfterwards();
        } else {
            exchange.answerIsDelimited();
        }
        if (exchange.policy().crossOrigin() != null) {
            head.dropCrossOrigin();
        }
        int start = -1;
        try {
            start = verbatim() ? head.rewrite(body.chunked(), persistence(), this) : -1;
        } catch (Throwable e) {
            first.release();
            throw e;
        }
        if (start >= 0) {
            ByteBuf payload = passing(first);
            int n = payload.readableBytes();
            write(payload.readerIndex(start), n);
        } else {
            beginAnew(head, first);
        }
    }

    /** Takes {@code first}. */
    private void beginAnew(ResponseHead head, ByteBuf first) {
        int room = first.readableBytes() <= MAX_JOINED ? first.readableBytes() : 0;
        ByteBuf out;
        try {
            out = head.write(client.alloc(), body.chunked() && dechunker == null, persistence(), this, room);
        } catch (Throwable e) {
            drop();
            first.release();
            throw e;
        }
        ByteBuf payload;
        try {
            payload = passing(first);
        } catch (Throwable e) {
            out.release();
            throw e;
        }
        int n = payload.readableBytes();
        if (n <= room) {
            out.writeBytes(payload);
            payload.release();
            write(out, n);
        } else {
            write(out, 0);
            write(payload, n);
        }
    }

    /** Every answer carries the exchange's id, under the names that the clients of its API look for. */
    @Override
    public void writeTo(ByteBuf out) {
        exchange.requestId().writeTo(out.writeBytes(REQUEST_ID));
        out.writeShort(CRLF);
        if (exchange.target().family() == ApiFamily.ANTHROPIC) {
            exchange.requestId().writeTo(out.writeBytes(ANTHROPIC_REQUEST_ID));
            out.writeShort(CRLF);
        }
        if (exchange.answerFields() != null) {
            out.writeBytes(exchange.answerFields());
        }
    }

    private Persistence persistence() {
        if (!exchange.keepAlive()) {
            return Persistence.CLOSE;
        }
        return exchange.http11() ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
    }

    /** Takes {@code bytes} and writes what of them belongs to the body. */
    void read(ByteBuf bytes) {
        try {
            scan(bytes);
        } catch (Throwable e) {
            bytes.release();
            throw e;
        }
        writeBody(passing(bytes));
    }

    /**
     * Reads {@code bytes} of the body, borrowed, and writes nothing: a fault in what came together with the head is found
     * before the client has anything.
     */
    void scan(ByteBuf bytes) {
        try {
            scanned = body.scan(bytes, sink);
        } catch (Throwable e) {
            drop();
            throw e;
        }
        surplus |= scanned < bytes.readableBytes();
    }

    /** Lets go of what was scanned and will not be written. */
    void drop() {
        if (dechunker != null) {
            dechunker.take().release();
        }
    }

    /** Whether what was scanned last goes to the client byte for byte. */
    private boolean verbatim() {
        return dechunker == null && !body.hasExtensions();
    }

    /** Takes {@code bytes}, which were scanned last, and returns what of them the client gets. */
    private ByteBuf passing(ByteBuf bytes) {
        if (verbatim()) {
            return bytes.writerIndex(bytes.readerIndex() + scanned);
        }
        try {
            return dechunker != null ? dechunker.take() : body.withoutExtensions(bytes, scanned, client.alloc());
        } finally {
            bytes.release();
        }
    }

    private void writeBody(ByteBuf bytes) {
        int n = bytes.readableBytes();
        if (n == 0) {
            bytes.release();
        } else {
            write(bytes, n);
        }
    }

    /** @param body how many of {@code bytes} are not the head's */
    private void write(ByteBuf bytes, int body) {
        exchange.addResponseBytes(body);
        unflushed += bytes.readableBytes();
        client.write(bytes, client.voidPromise());
        if (unflushed > MAX_UNFLUSHED) {
            flush();
        }
    }

    /** Sends what was written; once per read of the provider's connection, so that no event waits (trap 51). */
    void flush() {
        if (unflushed > 0) {
            unflushed = 0;
            client.flush();
        }
    }

    boolean done() {
        return body.done();
    }

    /** What is wrong with the body's framing; {@code null} while nothing is. */
    String failure() {
        return body.failure();
    }

    /** Whether the end of the provider's connection is the end of the body, and no accident. */
    boolean endsWithConnection() {
        return body.endsWithConnection();
    }

    /** Whether the provider's connection may serve another request: it said so, and sent nothing behind the end (trap 8). */
    boolean reusable() {
        return keepAlive && body.done() && !surplus;
    }

    /** Reads no more of the answer, and returns what the provider told of tokens; {@code null} when nothing. */
    Usage readNoMore() {
        if (unpacked != null) {
            unpacked.close();
        }
        return tap == null ? null : tap.usage();
    }

    /** Whether the body is {@code text/event-stream}. */
    boolean eventStream() {
        return eventStream;
    }

    /** The answer ends here, unfinished: says so where the client's parser can understand it, and never with an end. */
    void breakOff() {
        if (mayInsert()) {
            insert(ErrorEvent.of(exchange));
        }
        flush();
    }

    /** Writes whole lines of an event stream between two of the provider's events, in a chunk of their own; or nothing. */
    void insert(byte[] lines) {
        if (!mayInsert()) {
            return;
        }
        // The line of a chunk's length, and the two line ends.
        ByteBuf out = client.alloc().ioBuffer(lines.length + Integer.BYTES * 2 + 4);
        boolean chunk = body.chunked() && dechunker == null;
        if (chunk) {
            ByteBufUtil.writeAscii(out, Integer.toHexString(lines.length));
            out.writeShort(CRLF);
        }
        out.writeBytes(lines);
        writeBody(chunk ? out.writeShort(CRLF) : out);
    }

    /** A stream that has said all it had to say needs no more; only its framing is unfinished. Nothing fits into a packed one. */
    private boolean mayInsert() {
        return eventStream
                && tap != null
                && unpacked == null
                && tap.atEventBoundary()
                && !tap.ended()
                && body.mayBeFollowed();
    }
}
