package io.costoptimal.gateway.h2;

import java.util.concurrent.atomic.AtomicLongArray;

/** How many connections by HTTP/2 were ended because their clients did nothing but cost. Any thread; one for all of them. */
public final class FloodCounts {

    /** What there was too much of. */
    public enum Flood {
        /** Frames that no request consists of. */
        FRAMES,
        /** Streams that ended before they were answered. */
        RESETS,
        /** Pieces of one head. */
        HEADS
    }

    private final AtomicLongArray counts = new AtomicLongArray(Flood.values().length);

    void count(Flood flood) {
        counts.incrementAndGet(flood.ordinal());
    }

    /** How many connections have ended by {@code flood} up to now. */
    public long of(Flood flood) {
        return counts.get(flood.ordinal());
    }
}
