package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.Overdue;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.upstream.Upstreams;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The last stage of one client connection: gives each routed {@link Exchange} to a {@link Relay}, and passes on to it what
 * happens to the client. Confined to the channel's event loop.
 *
 * <p>What outlives an exchange is here: the timer and the head parser, of which one exchange at a time has need. What any
 * stage throws ends here as well, and ends one exchange.
 */
public final class SpliceHandler extends ChannelInboundHandlerAdapter {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(SpliceHandler.class);

    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final AtomicLong LAST_WARNING = new AtomicLong(System.nanoTime() - WARN_NANOS);

    private final Upstreams upstreams;
    private final Timeouts timeouts;
    private final KeptBytes keptBytes;
    private final AnswerHead head;

    private ChannelHandlerContext ctx;
    private LazyTimer timer;
    /** The running exchange's; {@code null} between two. */
    private Relay relay;

    /**
     * @param upstreams of the event loop that this connection runs on
     * @param keptBytes shared by all connections
     */
    public SpliceHandler(Upstreams upstreams, Timeouts timeouts, Limits.Upstream limits, KeptBytes keptBytes) {
        this.upstreams = upstreams;
        this.timeouts = timeouts;
        this.keptBytes = keptBytes;
        this.head = new AnswerHead(limits.headBytes());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        timer = new LazyTimer(ctx.executor(), this::expired);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel();
        timer.cancel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof Exchange exchange)) {
            ctx.fireChannelRead(msg);
        } else if (!exchange.ended() && ctx.channel().isActive()) {
            relay = new Relay(this, ctx, exchange);
            relay.start();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (relay != null) {
            relay.clientWritabilityChanged();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Overdue.INSTANCE && relay != null) {
            relay.overdue();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancel();
        timer.cancel();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            // The client's connection broke, or never spoke TLS; there is nobody to answer.
            ctx.close();
        } else {
            defect(cause);
        }
    }

    /** Something threw that must not: ends the running exchange, and only that. */
    void defect(Throwable cause) {
        // First: all the rest needs memory, and may fail for want of it.
        OutOfMemory.passOn(cause);
        log(cause);
        cancel();
        ctx.writeAndFlush(OutOfMemory.rejection(cause));
    }

    private static void log(Throwable cause) {
        if (OutOfMemory.ofBuffers(cause)) {
            OutOfMemory.log(LOG, cause);
            return;
        }
        long now = System.nanoTime();
        long last = LAST_WARNING.get();
        if (now - last >= WARN_NANOS && LAST_WARNING.compareAndSet(last, now)) {
            LOG.warn("exchange_failed", cause);
        } else {
            LOG.debug("exchange_failed", cause);
        }
    }

    private void cancel() {
        if (relay != null) {
            relay.cancel();
        }
    }

    private void expired() {
        try {
            if (relay != null) {
                relay.expired();
            }
        } catch (Throwable e) {
            defect(e);
        }
    }

    /** {@code done} needs nothing more; an idle connection keeps nothing of its last exchange. */
    void over(Relay done) {
        if (relay == done) {
            relay = null;
        }
    }

    Upstreams upstreams() {
        return upstreams;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    KeptBytes keptBytes() {
        return keptBytes;
    }

    AnswerHead head() {
        return head;
    }

    LazyTimer timer() {
        return timer;
    }
}
