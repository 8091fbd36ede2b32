package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The body of one stream's request as it arrives: passed to the stages, or kept while they hold it back, which then is as
 * much as the stream's window lets the client send. Confined to the event loop of the connection.
 */
final class RequestBody {

    /** A body slower than this is cut off, although each byte of it comes in time. */
    private static final int MIN_BYTES_PER_SECOND = 1024;

    private static final long MIN_RATE_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Deque<ByteBuf> kept = new ArrayDeque<>();
    private boolean ended;
    private boolean held;
    private long sinceNanos;

    /** The body of another request comes from now on, at {@code now} by the loop's clock. */
    void begins(long now) {
        ended = false;
        held = false;
        sinceNanos = now;
    }

    /** Whether all of it has arrived. */
    boolean ended() {
        return ended;
    }

    boolean held() {
        return held;
    }

    void hold() {
        held = true;
    }

    /** The rest has arrived. */
    void end() {
        ended = true;
    }

    /** Takes {@code bytes}, until {@link #release}; an end that came alone is kept as no bytes. */
    void keep(ByteBuf bytes) {
        kept.add(bytes);
    }

    /**
     * Goes on: passes what was kept, until that is held again.
     *
     * @return how many bytes were passed
     */
    int release(ExchangeRunner runner, long now) {
        held = false;
        sinceNanos = now;
        int passed = 0;
        while (!held && !kept.isEmpty()) {
            ByteBuf next = kept.poll();
            passed += next.readableBytes();
            runner.body(next, ended && kept.isEmpty());
        }
        return passed;
    }

    /** Lets go of what was kept. */
    void drop() {
        held = false;
        while (!kept.isEmpty()) {
            kept.poll().release();
        }
    }

    /** Whether the client has not kept up, having sent {@code bytes} in all. */
    boolean slow(long bytes, long now) {
        long nanos = now - sinceNanos;
        return nanos > MIN_RATE_GRACE_NANOS && bytes / (nanos / 1e9) < MIN_BYTES_PER_SECOND;
    }
}
