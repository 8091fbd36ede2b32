package io.costoptimal.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * A connection of the pool, and the last handler of its channel: hands bytes to the lessee, and closes on whatever comes
 * while nobody leases it. Confined to the channel's event loop.
 *
 * <p>It sits after TLS, so that session tickets, which come late, are no bytes here. An end counts as orderly only where a
 * FIN was seen on a plain connection, or a close_notify on a secure one; anything else might be truncation.
 */
final class PooledConnection extends ChannelInboundHandlerAdapter {

    private enum State {
        /** Being made; failures are told by the connector. */
        CONNECTING,
        /** Nobody's, reading: a byte or FIN closes it. */
        IDLE,
        LEASED,
        /** Terminal. */
        CLOSED
    }

    /** How long a provider that takes no more of a request may go on answering it. */
    private static final long LAST_WORDS_MILLIS = 1000;

    private final OriginPool pool;

    private State state = State.CONNECTING;
    private ChannelHandlerContext ctx;
    private Lease lease;

    /** It has idled before, so that it may have died unnoticed. */
    private boolean used;

    private boolean unflushed;
    /** Why a write failed; {@code null} while none has. */
    private Throwable writeFailure;

    private long connectNanos;
    private long endOfLifeNanos;
    private long idleSinceNanos;

    PooledConnection(OriginPool pool) {
        this.pool = pool;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        Long begun = ctx.channel().attr(Connector.BEGUN).get();
        connectNanos = begun == null ? 0 : ctx.executor().ticker().nanoTime() - begun;
    }

    /** How long the TCP connect took; 0 when the connector did not tell. */
    long connectNanos() {
        return connectNanos;
    }

    /** Connecting is over; to be leased or parked now. */
    void connected(long endOfLifeNanos) {
        this.endOfLifeNanos = endOfLifeNanos;
    }

    /** Hands this connection to {@code lessee}. */
    void lease(Lessee lessee) {
        assert state == State.CONNECTING || state == State.IDLE : state;
        state = State.LEASED;
        lease = new Lease(this, used);
        lessee.leased(lease);
    }

    /** Waits for the next lease from {@code now} on. */
    void park(long now) {
        assert state == State.CONNECTING || state == State.LEASED : state;
        state = State.IDLE;
        used = true;
        idleSinceNanos = now;
    }

    /** Reads again whatever the lessee said (trap 19). Apart from {@link #park}, because this may read, and poison, at once. */
    void listen() {
        reading(true);
    }

    /** Whether it may still be leased, as far as clocks and flags can tell. */
    boolean usable(long now, long idleNanos) {
        return state == State.IDLE && ctx.channel().isActive() && alive(now) && now - idleSinceNanos < idleNanos;
    }

    /** Whether its life has not run out. */
    boolean alive(long now) {
        return now - endOfLifeNanos < 0;
    }

    /** Closes, once; the lessee is not told. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        if (lease != null) {
            lease.detach();
            lease = null;
        }
        pool.gone(this);
        if (ctx != null) {
            ctx.close();
        }
    }

    void write(ByteBuf bytes) {
        unflushed = true;
        ctx.write(bytes, ctx.voidPromise());
    }

    /** Returns whether the connection still takes writes afterwards: one that fails at once ends that. */
    boolean flush() {
        unflushed = false;
        ctx.flush();
        return ctx.channel().unsafe().outboundBuffer() != null;
    }

    boolean written() {
        ChannelOutboundBuffer out = ctx.channel().unsafe().outboundBuffer();
        return !unflushed && out != null && out.totalPendingWriteBytes() == 0;
    }

    boolean writable() {
        return ctx.channel().isWritable();
    }

    void reading(boolean on) {
        ctx.channel().config().setAutoRead(on);
    }

    /** The lessee is done. What is not wholly written cannot be followed by another request (trap 1). */
    void release(boolean reusable) {
        assert state == State.LEASED : state;
        lease = null;
        if (reusable && written()) {
            pool.released(this);
        } else {
            close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        UpstreamReader reader = lease == null ? null : lease.reader();
        if (reader != null) {
            reader.read((ByteBuf) bytes);
            return;
        }
        ReferenceCountUtil.release(bytes);
        if (state == State.IDLE) {
            pool.poisoned();
        }
        end(new IOException("bytes that answer nothing"));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        UpstreamReader reader = lease == null ? null : lease.reader();
        if (reader != null) {
            reader.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        UpstreamReader reader = lease == null ? null : lease.reader();
        if (reader != null) {
            reader.writabilityChanged(ctx.channel().isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
            end(null);
        } else if (event instanceof ChannelInputShutdownEvent) {
            fin(ctx.channel());
        }
    }

    /**
     * On TLS a close_notify may have come with the FIN, and its event, like the bytes before it, may be queued still. While
     * a write is pending, io_uring shows a reset as a FIN first; and whoever ends before it has read the request is broken.
     */
    private void fin(Channel channel) {
        if (writeFailure != null) {
            // The failure has used up the socket's error, so that a reset shows as a FIN.
            end(writeFailure);
        } else if (state == State.LEASED && !written()) {
            end(new IOException("closed before the request was written"));
        } else if (state != State.LEASED || channel.pipeline().get(SslHandler.class) == null) {
            end(null);
        } else {
            channel.eventLoop().execute(() -> end(new IOException("FIN without close_notify")));
        }
    }

    /** Each buffer of a long request that was not written tells of the failure; the end of the reading comes apart. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean mayRead = ctx.channel().isActive() && ctx.channel().unsafe().outboundBuffer() == null;
        if (state != State.LEASED || !mayRead) {
            end(cause);
        } else if (writeFailure == null) {
            writeFailed(cause);
        }
    }

    /**
     * The provider takes no more, and perhaps said why before it closed: an early 413 lies in the receive buffer now. It is
     * read up to its end, or for a moment at most.
     */
    private void writeFailed(Throwable cause) {
        writeFailure = cause;
        Lease failed = lease;
        Runnable giveUp = () -> {
            if (lease == failed) {
                end(cause);
            }
        };
        ctx.executor().schedule(giveUp, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Not our doing and no FIN: a reset, or a write that failed. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(new ClosedChannelException());
    }

    private void end(Throwable cause) {
        if (state == State.CONNECTING) {
            // The connector tells of it, by a failed handshake or by finding the channel closed.
            ctx.close();
            return;
        }
        UpstreamReader reader = lease == null ? null : lease.reader();
        close();
        if (reader != null) {
            reader.closed(cause);
        }
    }
}
