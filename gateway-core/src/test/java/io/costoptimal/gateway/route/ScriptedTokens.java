package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.List;

/** Counts as a tokenizer with early stop would, from bounds towards a count that is known here. One thread at a time. */
final class ScriptedTokens implements TokenSource {

    private final long count;
    private final List<Long> limits = new ArrayList<>();
    private long low;
    private long high;

    ScriptedTokens(long count, long low, long high) {
        if (count < low || count > high) {
            throw new IllegalArgumentException(low + " <= " + count + " <= " + high);
        }
        this.count = count;
        this.low = low;
        this.high = high;
    }

    /** The limits it was asked to count past, in order. */
    List<Long> limits() {
        return limits;
    }

    @Override
    public long low() {
        return low;
    }

    @Override
    public long high() {
        return high;
    }

    @Override
    public boolean countPast(long limit) {
        limits.add(limit);
        if (count > limit) {
            low = Math.max(low, limit + 1);
        } else {
            low = count;
            high = count;
        }
        return true;
    }

    @Override
    public boolean counted() {
        return !limits.isEmpty();
    }
}
