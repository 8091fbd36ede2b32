package io.costoptimal.gateway.server.journal;

import java.util.concurrent.TimeUnit;

/**
 * How long the journal sleeps between batches: always the same while there is something to read, then twice as long each time
 * up to half a second. Confined to the journal's thread.
 */
final class Pause {

    static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private long nanos = BATCH_NANOS;

    /**
     * Returns nanoseconds to sleep.
     *
     * @param any whether the last batch had anything in it
     */
    long after(boolean any) {
        nanos = any ? BATCH_NANOS : Math.min(IDLE_NANOS, 2 * nanos);
        return nanos;
    }
}
