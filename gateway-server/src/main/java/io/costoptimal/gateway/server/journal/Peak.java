package io.costoptimal.gateway.server.journal;

import java.util.concurrent.TimeUnit;

/** The highest of the values of the last half minute to a minute. One thread writes, any reads. */
final class Peak {

    private static final long HALF_NANOS = TimeUnit.SECONDS.toNanos(30);

    private volatile long former;
    private volatile long present;
    private long since;

    /** @param nanoTime when it begins, as {@link System#nanoTime} says */
    Peak(long nanoTime) {
        since = nanoTime;
    }

    void add(long value, long nanoTime) {
        if (nanoTime - since >= HALF_NANOS) {
            former = nanoTime - since >= 2 * HALF_NANOS ? 0 : present;
            present = 0;
            since = nanoTime;
        }
        if (value > present) {
            present = value;
        }
    }

    long value() {
        return Math.max(former, present);
    }
}
