package io.costoptimal.gateway.exchange;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of one kind a gateway holds at a time, and how many it may. Any thread; one for all connections. */
public final class ByteBudget {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /** @param limit in bytes */
    public ByteBudget(long limit) {
        this.limit = limit;
    }

    /** Takes {@code bytes}, or nothing and returns false when that is more than is left. */
    public boolean take(int bytes) {
        if (held.addAndGet(bytes) <= limit) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Gives back {@code bytes} of what was taken. */
    public void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }

    /** How many bytes are held at this moment, and how many may be. */
    public BudgetLevel level() {
        return new BudgetLevel(held.get(), limit);
    }
}
