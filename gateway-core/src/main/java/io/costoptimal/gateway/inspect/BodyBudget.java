package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.BodyMemory;
import io.costoptimal.gateway.exchange.BudgetLevel;
import io.costoptimal.gateway.exchange.ByteBudget;

/**
 * How many bytes of memory request bodies hold in this process, and how many they may. Any thread; one for all connections.
 *
 * <p>Large bodies may hold three quarters of it together: the last quarter is kept for short ones, which therefore get
 * through while others upload as much as they can.
 */
public final class BodyBudget implements BodyMemory {

    private final ByteBudget all;
    private final ByteBudget large;

    /** @param limit in bytes */
    public BodyBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("held_bodies: " + limit + " (expected: > 0)");
        }
        this.all = new ByteBudget(limit);
        this.large = new ByteBudget(limit - limit / 4);
    }

    @Override
    public boolean take(int bytes, boolean isLarge) {
        if (isLarge && !large.take(bytes)) {
            return false;
        }
        if (all.take(bytes)) {
            return true;
        }
        if (isLarge) {
            large.giveBack(bytes);
        }
        return false;
    }

    @Override
    public void giveBack(int bytes, boolean isLarge) {
        all.giveBack(bytes);
        if (isLarge) {
            large.giveBack(bytes);
        }
    }

    /** What all bodies hold, and may hold. */
    public BudgetLevel all() {
        return all.level();
    }

    /** What large bodies hold of it, and may hold. */
    public BudgetLevel large() {
        return large.level();
    }
}
