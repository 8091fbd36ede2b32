package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.http.AddedFields;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/**
 * Writes providers' answers to a client that speaks HTTP/1, one after another: the head for this client, the body as it is
 * handed over. Confined to the connection's event loop. Bytes of bodies count for the exchange.
 */
final class RelayedAnswer implements AddedFields {

    /** Bytes written and not flushed, at most. */
    private static final int MAX_UNFLUSHED = 128 * 1024;

    /** Bytes of a body that are copied behind the head they came with. */
    private static final int MAX_JOINED = 4096;

    /** Bytes of a chunk's first line at most. */
    private static final int CHUNK_LINE = Integer.BYTES * 2 + 2;

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int CRLF = '\r' << 8 | '\n';

    private static final byte[] REQUEST_ID = "x-request-id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANTHROPIC_REQUEST_ID = "request-id: ".getBytes(StandardCharsets.US_ASCII);

    private final Http1Client client;
    private final ChannelHandlerContext ctx;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private boolean chunked;
    /** Whether the body is handed over as payload, and goes out in chunks of ours. */
    private boolean chunking;

    private int unflushed;

    RelayedAnswer(Http1Client client, ChannelHandlerContext ctx) {
        this.client = client;
        this.ctx = ctx;
    }

    /**
     * Writes the head, and what of the body came with it: as the one buffer they are, where the head can stay in its place.
     * If not, a small body is copied behind the head, which costs less than two buffers in one write.
     *
     * @param head complete; borrowed for the length of this call
     * @param first takes; goes on behind the head, perhaps with nothing
     */
    void begin(ResponseHead head, Ending ending, ByteBuf first) {
        chunked = ending == Ending.CHUNKS;
        chunking = false;
        int start;
        ByteBuf anew = null;
        int n = first.readableBytes();
        int room = n <= MAX_JOINED ? n : 0;
        try {
            start = head.precedes(first) ? head.rewrite(chunked, client.persistence(), this) : -1;
            if (start < 0) {
                anew = head.write(ctx.alloc(), chunked, client.persistence(), this, room);
            }
        } catch (Throwable e) {
            first.release();
            throw e;
        }
        if (anew == null) {
            write(first.readerIndex(start), n);
        } else if (n == room) {
            anew.writeBytes(first);
            first.release();
            write(anew, n);
        } else {
            write(anew, 0);
            write(first, n);
        }
    }

    /**
     * The same for a body that is handed over as payload and ends by {@link #end} alone, where the end of the connection would
     * not tell the client whether the answer is whole (RFC 9112, 8): chunks do.
     *
     * @param head complete; borrowed for the length of this call
     * @param first takes; the first of the body, perhaps nothing
     */
    void beginInChunks(ResponseHead head, ByteBuf first) {
        try {
            begin(head, Ending.CHUNKS, Unpooled.EMPTY_BUFFER);
        } catch (Throwable e) {
            first.release();
            throw e;
        }
        chunking = true;
        body(first);
    }

    /** The answer is whole: sends what is left of it. */
    void end() {
        if (chunking) {
            chunking = false;
            write(Unpooled.wrappedBuffer(LAST_CHUNK), 0);
        }
        flush();
    }

    /** Every answer carries the exchange's id, under the names that the clients of its API look for. */
    @Override
    public void writeTo(ByteBuf out) {
        Exchange exchange = client.exchange();
        exchange.requestId().writeTo(out.writeBytes(REQUEST_ID));
        out.writeShort(CRLF);
        if (exchange.target().family() == ApiFamily.ANTHROPIC) {
            exchange.requestId().writeTo(out.writeBytes(ANTHROPIC_REQUEST_ID));
            out.writeShort(CRLF);
        }
        if (client.answerFields() != null) {
            out.writeBytes(client.answerFields());
        }
    }

    /** Takes {@code bytes}, in the coding that was announced. */
    void body(ByteBuf bytes) {
        if (!chunking) {
            write(bytes, bytes.readableBytes());
        } else if (bytes.isReadable()) {
            int length = bytes.readableBytes();
            write(chunkLine(length, ctx.alloc().ioBuffer(CHUNK_LINE)), 0);
            write(bytes, length);
            write(Unpooled.wrappedBuffer(LINE_END), 0);
        } else {
            // An empty chunk would be the last.
            bytes.release();
        }
    }

    private static ByteBuf chunkLine(int length, ByteBuf out) {
        ByteBufUtil.writeAscii(out, Integer.toHexString(length));
        return out.writeShort(CRLF);
    }

    /** Adds {@code payload} to the body, in a chunk of its own where that has chunks. */
    void insert(byte[] payload) {
        boolean chunk = chunked && !chunking;
        ByteBuf out = ctx.alloc().ioBuffer(CHUNK_LINE + payload.length + LINE_END.length);
        if (chunk) {
            chunkLine(payload.length, out);
        }
        out.writeBytes(payload);
        body(chunk ? out.writeShort(CRLF) : out);
    }

    /**
     * Takes {@code bytes}. A write that fails at once ends the exchange before it returns, and another may follow it here.
     *
     * @param body how many of {@code bytes} are not the head's
     */
    private void write(ByteBuf bytes, int body) {
        Exchange exchange = client.exchange();
        if (exchange == null) {
            bytes.release();
            return;
        }
        exchange.addResponseBytes(body);
        unflushed += bytes.readableBytes();
        ctx.write(bytes, ctx.voidPromise());
        if (unflushed > MAX_UNFLUSHED) {
            flush();
        }
    }

    /** Sends what was written, if anything was. */
    void flush() {
        if (unflushed > 0) {
            unflushed = 0;
            ctx.flush();
        }
    }
}
