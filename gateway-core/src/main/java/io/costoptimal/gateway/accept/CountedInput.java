package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ByteBudget;

/**
 * How much one connection's decoder keeps between two reads, counted against a budget of all connections. Confined to the
 * connection's event loop.
 */
final class CountedInput {

    private final ByteBudget budget;
    /** Bytes taken from the budget. */
    private int counted;

    private boolean noRoom;

    CountedInput(ByteBudget budget) {
        this.budget = budget;
    }

    /** Whether anything is counted. */
    boolean any() {
        return counted > 0;
    }

    /** Counts {@code bytes} in place of what was counted. Returns whether there was room; if not, the former count stays. */
    boolean count(int bytes) {
        noRoom = bytes > counted && !budget.take(bytes - counted);
        if (!noRoom) {
            budget.giveBack(Math.max(0, counted - bytes));
            counted = bytes;
        }
        return !noRoom;
    }

    /** Whether there was no room at the last count. */
    boolean noRoom() {
        return noRoom;
    }

    void giveBack() {
        budget.giveBack(counted);
        counted = 0;
    }
}
