package io.costoptimal.gateway.inspect;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of request bodies this process holds, and how many it may. Any thread; one for all connections.
 *
 * <p>What {@link #take} granted is given back exactly once, by the release of the body that holds it.
 */
public final class BodyBudget {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /** @param limit in bytes */
    public BodyBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("held_bodies: " + limit + " (expected: > 0)");
        }
        this.limit = limit;
    }

    /** Takes {@code n} bytes, or nothing and returns false when that is more than is left. */
    boolean take(int n) {
        if (held.addAndGet(n) <= limit) {
            return true;
        }
        held.addAndGet(-n);
        return false;
    }

    /** Gives {@code n} bytes back. */
    void giveBack(int n) {
        held.addAndGet(-n);
    }

    /** How many bytes may be held. */
    public long limit() {
        return limit;
    }

    /** Bytes held at this moment, for metrics. */
    public long held() {
        return held.get();
    }
}
