package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.http.AddedFields;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
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

    private static final int CRLF = '\r' << 8 | '\n';

    private static final byte[] REQUEST_ID = "x-request-id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANTHROPIC_REQUEST_ID = "request-id: ".getBytes(StandardCharsets.US_ASCII);

    private final Http1Client client;
    private final ChannelHandlerContext ctx;

    private boolean chunked;
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
        write(bytes, bytes.readableBytes());
    }

    /** Adds {@code payload} to the body, in a chunk of its own where that has chunks. */
    void insert(byte[] payload) {
        // The line of a chunk's length, and the two line ends.
        ByteBuf out = ctx.alloc().ioBuffer(payload.length + Integer.BYTES * 2 + 4);
        if (chunked) {
            ByteBufUtil.writeAscii(out, Integer.toHexString(payload.length));
            out.writeShort(CRLF);
        }
        out.writeBytes(payload);
        body(chunked ? out.writeShort(CRLF) : out);
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
