package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.http.LazyTimer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * When one connection by HTTP/2 has waited long enough for its client, and how it ends then, or when the gateway is to go:
 * by GOAWAY, twice if requests may be under way (RFC 9113, 6.8), and a close once all streams have ended. Confined to the
 * connection's event loop.
 */
final class ConnectionTimers {

    /** What the PING after the first GOAWAY says; its acknowledgement means that the client has seen both. */
    private static final long DRAINING = 0x6472_6169_6e69_6e67L;

    private enum State {
        /** The preface and the first SETTINGS have not come. */
        OPENING,
        /** No stream is open. */
        IDLE,
        /** One is, at least. */
        BUSY,
        /** Nothing more is sent; waiting for the client to close. */
        CLOSING
    }

    /** How far a drain is. */
    private enum Drain {
        NO,
        /** The client was told that it should stop. */
        ANNOUNCED,
        /** The client was told which stream is the last. */
        FINAL
    }

    private final Http2ClientConnection connection;
    private final Timeouts.Client timeouts;
    private final LazyTimer idle;
    private final LazyTimer head;
    private final LazyTimer drained;

    private State state = State.OPENING;
    /** How far the client's socket was at the last look. */
    private long moves;

    private Drain drain = Drain.NO;
    /** The client is to be told behind the next stream that ends. */
    private boolean parting;

    ConnectionTimers(Http2ClientConnection connection, Timeouts.Client timeouts) {
        this.connection = connection;
        this.timeouts = timeouts;
        idle = new LazyTimer(connection.loop(), this::idled);
        head = new LazyTimer(connection.loop(), this::headLate);
        drained = new LazyTimer(connection.loop(), this::lastGoAway);
    }

    /** The connection is open; the client has the time of a head for the preface and its settings. */
    void opened() {
        start(idle, timeouts.head());
    }

    /** A stream has begun. */
    void busy() {
        if (state != State.CLOSING) {
            state = State.BUSY;
            idle.stop();
        }
    }

    /** The client's settings came: it may ask. */
    void begun() {
        idleIfNoStreams();
    }

    /** A stream has ended. */
    void ended() {
        if (parting) {
            drain();
        }
        idleIfNoStreams();
    }

    private void idleIfNoStreams() {
        if (state == State.CLOSING || connection.connection().numActiveStreams() > 0) {
            return;
        }
        state = State.IDLE;
        if (drain == Drain.FINAL) {
            closeGently();
        } else {
            start(idle, timeouts.keepAlive());
        }
    }

    /** A read is over; {@code midHead} says whether a head has begun in it, or before, that has not ended. */
    void read(boolean midHead) {
        if (!midHead) {
            head.stop();
        } else if (!head.running()) {
            start(head, timeouts.head());
        }
    }

    private void idled() {
        switch (state) {
            case OPENING -> connection.context().close();
            case IDLE -> {
                // The answer may still be on its way to a slow client, whose next request is not due then.
                if (outputMoved()) {
                    start(idle, timeouts.keepAlive());
                } else {
                    goAway(connection.connection().remote().lastStreamCreated());
                    closeGently();
                }
            }
            case CLOSING -> connection.context().close();
            default -> {}
        }
    }

    /** Whether the client took some of what waits for it since this was asked the last time. */
    private boolean outputMoved() {
        if (!connection.outputFull()) {
            return false;
        }
        long before = moves;
        moves = connection.outputMoves();
        return moves != before;
    }

    /** What follows an unfinished head cannot be read, so the connection ends with it. */
    private void headLate() {
        goAway(connection.connection().remote().lastStreamCreated());
        connection.context().flush();
        connection.context().close();
    }

    /**
     * The gateway is leaving, and has time: whatever the client asks is served until an answer has ended, behind which the
     * client is told. Told before it asks, a client that has connected for one request would look for another connection, and
     * find none that serves it while all gateways leave.
     */
    void part() {
        parting = true;
    }

    /** The gateway wants to be rid of the connection: its client is told at once, and requests under way are served. */
    void drain() {
        if (drain != Drain.NO || state == State.CLOSING) {
            return;
        }
        if (state == State.OPENING) {
            drain = Drain.FINAL;
            goAway(0);
            closeGently();
            return;
        }
        drain = Drain.ANNOUNCED;
        goAway(Integer.MAX_VALUE);
        ChannelHandlerContext ctx = connection.context();
        connection.encoder().writePing(ctx, false, DRAINING, ctx.newPromise());
        connection.flushSoon();
        start(drained, timeouts.linger());
    }

    /** The client has answered a PING. */
    void answered(long data) {
        if (data == DRAINING && drain == Drain.ANNOUNCED) {
            lastGoAway();
        }
    }

    private void lastGoAway() {
        if (drain != Drain.ANNOUNCED || state == State.CLOSING) {
            return;
        }
        drained.stop();
        drain = Drain.FINAL;
        goAway(connection.connection().remote().lastStreamCreated());
        connection.context().flush();
        idleIfNoStreams();
    }

    private void goAway(int lastStream) {
        ChannelHandlerContext ctx = connection.context();
        connection.goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    }

    /** A close under unread input would be a reset, and destroy an answer that the client has not read yet. */
    private void closeGently() {
        state = State.CLOSING;
        start(idle, timeouts.writeStall());
        ChannelHandlerContext ctx = connection.context();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            start(idle, timeouts.linger());
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.closeOutbound().addListener(said -> shut(ctx));
            } else {
                shut(ctx);
            }
        });
    }

    private static void shut(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            ctx.close();
        }
    }

    /** Whether whatever the client sends is nobody's any more. */
    boolean closing() {
        return state == State.CLOSING;
    }

    void cancel() {
        state = State.CLOSING;
        idle.cancel();
        head.cancel();
        drained.cancel();
    }

    private static void start(LazyTimer timer, Duration period) {
        timer.start(period.toNanos());
    }
}
