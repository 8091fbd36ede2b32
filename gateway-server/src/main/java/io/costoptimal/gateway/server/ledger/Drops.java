package io.costoptimal.gateway.server.ledger;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Counts attempts that get no row, and keeps them until the ledger itself can say so. Any thread; nobody waits. */
final class Drops {

    private final Map<Drop, Reason> reasons = new EnumMap<>(Drop.class);

    Drops() {
        for (Drop why : Drop.values()) {
            reasons.put(why, new Reason());
        }
    }

    /** @param from when the first of the requests started, in milliseconds since 1970 */
    private record Untold(long from, long to, long count) {

        Untold and(Untold more) {
            return new Untold(Math.min(from, more.from), Math.max(to, more.to), count + more.count);
        }
    }

    private static final class Reason {
        private final LongAdder total = new LongAdder();
        /** {@code null} when there are none. */
        private final AtomicReference<Untold> untold = new AtomicReference<>();

        void add(Untold more) {
            untold.accumulateAndGet(more, (held, added) -> held == null ? added : held.and(added));
        }
    }

    /**
     * Counts {@code attempts} of one request.
     *
     * @param startedMillis of the request
     */
    void add(Drop why, long attempts, long startedMillis) {
        if (attempts <= 0) {
            return;
        }
        Reason reason = reasons.get(why);
        reason.total.add(attempts);
        reason.add(new Untold(startedMillis, startedMillis, attempts));
    }

    /** Has {@code gaps} told of later, since they could not be now. They were counted before. */
    void giveBack(List<Gap> gaps) {
        for (Gap gap : gaps) {
            reasons.get(gap.why()).add(new Untold(gap.from(), gap.to(), gap.count()));
        }
    }

    /** How many attempts have been dropped for that reason so far. */
    long total(Drop why) {
        return reasons.get(why).total.sum();
    }

    /** What was counted since this was last asked: a gap for each reason. */
    List<Gap> take() {
        List<Gap> gaps = new ArrayList<>();
        reasons.forEach((why, reason) -> {
            Untold untold = reason.untold.getAndSet(null);
            if (untold != null) {
                gaps.add(new Gap(UUID.randomUUID().toString(), untold.from, untold.to, untold.count, why));
            }
        });
        return gaps;
    }
}
