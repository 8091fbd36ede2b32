package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.HeldBody;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of memory request bodies hold in this process, and how many they may. Any thread; one for all connections.
 *
 * <p>Large bodies may hold three quarters of it together: the last quarter is kept for short ones, which therefore get
 * through while others upload as much as they can.
 */
public final class BodyBudget implements HeldBody.Memory {

    private final long limit;
    private final long limitOfLarge;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong heldByLarge = new AtomicLong();

    /** @param limit in bytes */
    public BodyBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("held_bodies: " + limit + " (expected: > 0)");
        }
        this.limit = limit;
        this.limitOfLarge = limit - limit / 4;
    }

    @Override
    public boolean take(int bytes, boolean large) {
        if (large && !add(heldByLarge, bytes, limitOfLarge)) {
            return false;
        }
        if (add(held, bytes, limit)) {
            return true;
        }
        if (large) {
            heldByLarge.addAndGet(-bytes);
        }
        return false;
    }

    private static boolean add(AtomicLong count, int bytes, long limit) {
        if (count.addAndGet(bytes) <= limit) {
            return true;
        }
        count.addAndGet(-bytes);
        return false;
    }

    @Override
    public void giveBack(int bytes, boolean large) {
        held.addAndGet(-bytes);
        if (large) {
            heldByLarge.addAndGet(-bytes);
        }
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
