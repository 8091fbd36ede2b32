package io.costoptimal.gateway.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.TimeUnit;

/**
 * Stands on a listening channel and stops accepting for a moment when accepting fails, as it does when the process has no
 * file descriptor left. Confined to that channel's event loop.
 *
 * <p>Clients wait in the kernel's queue meanwhile, and running exchanges go on. Each failure in a row doubles the pause. One
 * line is logged when the trouble begins and one when it is over, however long it lasts.
 */
public final class AcceptPause extends ChannelInboundHandlerAdapter {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(AcceptPause.class);

    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 1_000;

    /** Length of the present pause, or of the last one; 0 while accepting goes well. */
    private long pauseMillis;

    private int failures;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        if (pauseMillis > 0) {
            LOG.info("accept_resumed failures={}", failures);
            pauseMillis = 0;
            failures = 0;
        }
        ctx.fireChannelRead(accepted);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Channel listening = ctx.channel();
        if (pauseMillis == 0) {
            LOG.warn("accept_paused listen={} cause=\"{}\"", listening.localAddress(), cause.getMessage());
        }
        failures++;
        pauseMillis = Math.min(LONGEST_MILLIS, Math.max(FIRST_MILLIS, 2 * pauseMillis));
        listening.config().setAutoRead(false);
        ctx.executor().schedule(() -> resume(listening), pauseMillis, TimeUnit.MILLISECONDS);
    }

    private static void resume(Channel listening) {
        if (listening.isOpen()) {
            listening.config().setAutoRead(true);
        }
    }
}
