package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.List;

/** A count that is known to the test, and that the chooser has to ask for. */
final class ScriptedCount implements TokenSource {

    private final List<Long> asked = new ArrayList<>();
    private final long count;
    private final String encoding;
    private long low;
    private long high;
    private boolean counted;

    ScriptedCount(long low, long high, long count, String encoding) {
        this.low = low;
        this.high = high;
        this.count = count;
        this.encoding = encoding;
    }

    /** Counted already. */
    static ScriptedCount exact(long count, String encoding) {
        ScriptedCount exact = new ScriptedCount(count, count, count, encoding);
        exact.counted = true;
        return exact;
    }

    /** The limits that were asked for. */
    List<Long> asked() {
        return asked;
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
        asked.add(limit);
        counted = true;
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
        return counted;
    }

    @Override
    public String encoding() {
        return encoding;
    }
}
