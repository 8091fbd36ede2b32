package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Overdue;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.Run;
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
 * happens to the client. Confined to the channel's event loop. What any stage throws ends here, and ends one exchange.
 */
public final class SpliceHandler extends ChannelInboundHandlerAdapter implements Run {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(SpliceHandler.class);

    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final AtomicLong LAST_WARNING = new AtomicLong(System.nanoTime() - WARN_NANOS);

    private final ClientSide client;
    private final Relay relay;

    private ChannelHandlerContext ctx;
    /** The running exchange; {@code null} between two. */
    private Exchange exchange;

    /**
     * @param upstreams of the event loop that this connection runs on
     * @param keptBytes shared by all connections
     */
    public SpliceHandler(
            ClientSide client, Upstreams upstreams, Timeouts timeouts, Limits.Upstream limits, ByteBudget keptBytes) {
        this.client = client;
        this.relay = new Relay(upstreams, timeouts, limits, keptBytes);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        over(Outcome.CLIENT_CANCELLED);
        relay.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof Exchange routed)) {
            ctx.fireChannelRead(msg);
        } else if (!routed.ended() && ctx.channel().isActive()) {
            exchange = routed;
            relay.enter(routed, this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        relay.clientWritabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Overdue.INSTANCE && exchange != null) {
            relay.overdue();
            over(Outcome.GATEWAY_ERROR);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        over(Outcome.CLIENT_CANCELLED);
        relay.close();
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

    @Override
    public ClientSide client() {
        return client;
    }

    @Override
    public void next() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void refuse(Rejection rejection) {
        over(Outcome.GATEWAY_ERROR);
        ctx.writeAndFlush(rejection);
    }

    @Override
    public void answer(LocalAnswer answer) {
        ctx.writeAndFlush(answer);
    }

    @Override
    public void finish(Outcome outcome) {
        Exchange finished = exchange;
        over(outcome);
        finished.end(outcome);
    }

    private void over(Outcome outcome) {
        if (exchange != null) {
            exchange = null;
            relay.over(outcome);
        }
    }

    /** Something threw that must not: ends the running exchange, and only that. */
    @Override
    public void defect(Throwable cause) {
        // First: all the rest needs memory, and may fail for want of it.
        OutOfMemory.passOn(cause);
        log(cause);
        over(Outcome.GATEWAY_ERROR);
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
}
