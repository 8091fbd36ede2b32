package io.costoptimal.gateway.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * What is queued for a client: whether it takes any of that, and the two ways to end it. Confined to the connection's event
 * loop.
 */
final class ClientOutput {

    private final ChannelHandlerContext ctx;
    private final WriteProgress progress;
    /** {@code null} without TLS. */
    private final CloseNotifyGuard guard;
    /** Of an answer that broke off and was flushed; {@code null} before that. */
    private Delivery delivery;

    ClientOutput(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        progress = new WriteProgress(ctx.channel());
        guard = CloseNotifyGuard.below(ctx.pipeline());
    }

    /** No answer is under way: TLS may say that the connection ends. */
    void permitCloseNotify() {
        if (guard != null) {
            guard.permit();
        }
    }

    /** Whether so much is queued that nothing should be added. */
    boolean full() {
        return !ctx.channel().isWritable();
    }

    /** Begins to look whether the client takes what is queued, for {@link #progressed}. */
    void watch() {
        progress.restart();
    }

    /** Whether the client has taken some of what is queued since the last look, and some is left. */
    boolean progressed() {
        ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
        return progress.goesOn() && buffer != null && !buffer.isEmpty();
    }

    /**
     * Begins to look whether all that was flushed arrives, for {@link #delivered}.
     *
     * @param patienceNanos how long the client may take nothing
     * @param now by the clock of the event loop
     */
    void awaitDelivery(long patienceNanos, long now) {
        delivery = new Delivery(ctx.channel(), patienceNanos, now);
    }

    /** Whether {@link #awaitDelivery} was called. */
    boolean awaitsDelivery() {
        return delivery != null;
    }

    /** Whether all has arrived, or the client takes no more of it. */
    boolean delivered(long now) {
        return delivery.over(now);
    }

    /** Whether an end is said by close_notify. */
    boolean saysEnd() {
        return guard != null;
    }

    /**
     * Says that nothing more will come, and leaves the other direction open: a close under unread input resets the
     * connection, and destroys an answer that the client has not read yet.
     *
     * @param whole whether the last answer is; TLS never says that of one that is not
     * @param most what a client over TLS may send then, in bytes; without TLS its bytes are counted elsewhere
     * @param tooMuch run once it has sent more
     */
    void shutOutput(boolean whole, long most, Runnable tooMuch) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null || !whole) {
            shutTransport();
        } else {
            permitCloseNotify();
            UnreadRecords.drop(ctx.pipeline(), most, tooMuch);
            tls.closeOutbound().addListener(sent -> shutTransport());
        }
    }

    private void shutTransport() {
        Channel channel = ctx.channel();
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }

    /**
     * Closes below TLS, which would say close_notify first, and so make an answer whole that is not.
     *
     * @param promise told of the close
     */
    void closeTransport(ChannelPromise promise) {
        ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
        (tls == null ? ctx : tls).close(promise);
    }

    /** Makes the coming close a reset, which no client takes for the end of an answer. */
    void resetOnClose() {
        // A write that failed has closed it already, and a closed socket takes no options.
        if (ctx.channel().isOpen()) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}
