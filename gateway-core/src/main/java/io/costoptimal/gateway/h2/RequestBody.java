package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;

/**
 * The body of one stream's request as it arrives: passed to the stages, or kept while they hold it back, which is no more
 * than the stream's window lets the client send. Confined to the event loop of the connection.
 */
final class RequestBody {

    /** A body slower than this is cut off, although each byte of it comes in time. */
    private static final int MIN_BYTES_PER_SECOND = 1024;

    private static final long MIN_RATE_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final KeptBody kept;
    private boolean ended;
    /** Whether the end has come while the body was held, and is still to be passed. */
    private boolean endKept;

    private boolean held;
    private long sinceNanos;

    /** @param memory pays for what is kept */
    RequestBody(UploadWindow memory) {
        kept = new KeptBody(memory);
    }

    /** The body of another request comes from now on, at {@code now} by the loop's clock. */
    void begins(long now) {
        ended = false;
        endKept = false;
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

    /**
     * Keeps {@code bytes}, taken, until {@link #release}, or none of them when there is no memory for that.
     *
     * @param last whether the body ends with them
     * @param alloc where they are copied to
     * @return whether they are kept
     */
    boolean keep(ByteBuf bytes, boolean last, ByteBufAllocator alloc) {
        endKept = last;
        return kept.add(bytes, alloc);
    }

    /**
     * Goes on: passes what was kept, until the body is held again.
     *
     * @return how many bytes were passed
     */
    int release(ExchangeRunner runner, long now) {
        held = false;
        sinceNanos = now;
        int passed = 0;
        while (!held && (endKept || !kept.isEmpty())) {
            ByteBuf next = kept.isEmpty() ? Unpooled.EMPTY_BUFFER : kept.poll();
            passed += next.readableBytes();
            boolean last = endKept && kept.isEmpty();
            endKept &= !last;
            runner.body(next, last);
        }
        return passed;
    }

    /**
     * Lets go of what was kept.
     *
     * @return how many bytes that were
     */
    int drop() {
        held = false;
        endKept = false;
        return kept.drop();
    }

    /** Whether the client has not kept up, having sent {@code bytes} in all. */
    boolean slow(long bytes, long now) {
        long nanos = now - sinceNanos;
        return nanos > MIN_RATE_GRACE_NANOS && bytes / (nanos / 1e9) < MIN_BYTES_PER_SECOND;
    }
}
