package io.costoptimal.gateway.splice;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of error answers a gateway keeps while other providers are tried, and how many it may. Any thread. */
public final class KeptBytes {

    private final long limit;
    private final AtomicLong kept = new AtomicLong();

    /** @param limit in bytes */
    public KeptBytes(long limit) {
        this.limit = limit;
    }

    /** Takes {@code n} bytes, or nothing and returns false when that is more than is left. */
    boolean take(int n) {
        if (kept.addAndGet(n) <= limit) {
            return true;
        }
        kept.addAndGet(-n);
        return false;
    }

    /** Gives back what was taken. */
    void giveBack(int n) {
        kept.addAndGet(-n);
    }
}
