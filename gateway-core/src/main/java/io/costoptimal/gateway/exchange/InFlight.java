package io.costoptimal.gateway.exchange;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many running exchanges of one event loop are in each state. Changed by that loop alone, and so without locked
 * instructions; any thread may look.
 */
public final class InFlight {

    private final AtomicIntegerArray running = new AtomicIntegerArray(ExchangeState.values().length);

    /** Exchanges in {@code state} at this moment; those that have ended are not counted. */
    public int in(ExchangeState state) {
        return state == ExchangeState.ENDED ? 0 : running.getOpaque(state.ordinal());
    }

    void began(ExchangeState state) {
        add(state, 1);
    }

    void moved(ExchangeState from, ExchangeState to) {
        if (from != to) {
            add(from, -1);
            add(to, 1);
        }
    }

    private void add(ExchangeState state, int change) {
        running.setOpaque(state.ordinal(), running.getPlain(state.ordinal()) + change);
    }
}
