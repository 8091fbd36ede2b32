package io.costoptimal.gateway.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2RemoteFlowController.FlowControlled;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * The body of one stream's answer: what waits for the client's windows and for its socket, in the buffers in which it came.
 * Confined to the event loop of the connection.
 *
 * <p>How much waits is bounded by whoever asks {@link #writable} before adding more, so that a client that reads one stream
 * slowly costs the memory of that stream alone, and no other stream waits for it.
 */
final class AnswerData {

    /** Bytes that may wait before nothing should be added, and down to which they fall before something should. */
    private static final int HIGH = 64 * 1024;

    private static final int LOW = 32 * 1024;

    private final Http2Client client;
    private final Http2RemoteFlowController flow;

    private Http2Stream stream;
    /** What was added last; {@code null} once it is written. */
    private Piece tail;

    private int pending;
    private boolean full;
    /** Bytes that have left for the client's socket. */
    private long written;

    AnswerData(Http2Client client, Http2RemoteFlowController flow) {
        this.client = client;
        this.flow = flow;
    }

    /** Data is for {@code begun} from now on, of which nothing waits. */
    void begins(Http2Stream begun) {
        stream = begun;
        tail = null;
        pending = 0;
        full = false;
        written = 0;
    }

    /** Takes {@code bytes}, which wait for the next flush at least. */
    void add(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        enqueue(new Piece(bytes, Then.MORE));
        if (!full && pending >= HIGH) {
            full = true;
            client.clientWritabilityChanged();
        }
    }

    /** The answer is whole: the stream ends with the last of it. */
    void end() {
        finish(Then.END);
    }

    /** The answer breaks off: the stream is reset behind the last of it. */
    void reset() {
        finish(Then.RESET);
    }

    private void finish(Then then) {
        if (tail == null) {
            enqueue(new Piece(Unpooled.EMPTY_BUFFER, then));
        } else {
            tail.then = then;
        }
    }

    private void enqueue(Piece piece) {
        tail = piece;
        pending += piece.size();
        flow.addFlowControlled(stream, piece);
    }

    /** Whether more may be added. */
    boolean writable() {
        return !full;
    }

    /** Whether anything waits. */
    boolean waiting() {
        return tail != null;
    }

    /** Whether so much waits that it should be sent at once. */
    boolean much() {
        return pending >= LOW;
    }

    /** Bytes that have left for the client's socket, since the stream began. */
    long written() {
        return written;
    }

    private void gone(int bytes) {
        pending -= bytes;
        if (full && pending <= LOW) {
            full = false;
            client.takesMore();
        }
    }

    /** What follows a piece. */
    private enum Then {
        MORE,
        END,
        RESET
    }

    /** One buffer of the body, sent as the windows allow. */
    private final class Piece implements FlowControlled {

        private final ByteBuf bytes;
        private Then then;
        private int left;

        Piece(ByteBuf bytes, Then then) {
            this.bytes = bytes;
            this.then = then;
            this.left = bytes.readableBytes();
        }

        @Override
        public int size() {
            return left;
        }

        @Override
        public void write(ChannelHandlerContext ctx, int allowed) {
            int n = Math.min(left, allowed);
            if (n < left) {
                if (n > 0) {
                    left -= n;
                    send(ctx, bytes.readRetainedSlice(n), false);
                }
                return;
            }
            left = 0;
            if (n > 0 || then == Then.END) {
                send(ctx, bytes, then == Then.END);
            }
        }

        private void send(ChannelHandlerContext ctx, ByteBuf data, boolean last) {
            int n = data.readableBytes();
            Frames.data(ctx, stream.id(), data, last);
            client.dataSent(Frames.of(n));
            written += n;
            gone(n);
        }

        @Override
        public void writeComplete() {
            if (tail == this) {
                tail = null;
            }
            switch (then) {
                case END -> client.endSent();
                case RESET -> client.broken();
                default -> {}
            }
        }

        @Override
        public void error(ChannelHandlerContext ctx, Throwable cause) {
            if (tail == this) {
                tail = null;
            }
            int n = left;
            left = 0;
            bytes.release();
            gone(n);
        }

        /** Pieces stay in the buffers in which they came. */
        @Override
        public boolean merge(ChannelHandlerContext ctx, FlowControlled next) {
            return false;
        }
    }
}
