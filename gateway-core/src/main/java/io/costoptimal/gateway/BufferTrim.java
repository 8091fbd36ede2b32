package io.costoptimal.gateway;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.concurrent.TimeUnit;

/**
 * Gives back the buffers that one event loop keeps for its next use, some seconds after connections were closed on it: after
 * a flood they pin much of the memory they are cut from. Confined to that loop; a loop on which nothing happens is not woken.
 */
final class BufferTrim implements GenericFutureListener<Future<? super Void>> {

    private static final long SECONDS = 2;

    /** What was used since the last turn is kept until the next, so that it takes two to give all back. */
    private static final int TURNS = 2;

    private final EventLoop loop;
    private int turns;

    BufferTrim(EventLoop loop) {
        this.loop = loop;
    }

    /** A connection was closed. */
    @Override
    public void operationComplete(Future<? super Void> closed) {
        if (turns == 0) {
            later();
        }
        turns = TURNS;
    }

    private void later() {
        if (!loop.isShuttingDown()) {
            loop.schedule(this::trim, SECONDS, TimeUnit.SECONDS);
        }
    }

    private void trim() {
        PooledByteBufAllocator.DEFAULT.trimCurrentThreadCache();
        if (--turns > 0) {
            later();
        }
    }
}
