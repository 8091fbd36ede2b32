package io.costoptimal.gateway.objects;

import java.util.concurrent.atomic.LongAdder;

/** Counts how searches for the owners of objects have ended. Any thread. */
public final class LookUps {

    /** How one search has ended, for the object that decided. */
    public enum Result {
        /** All were the key's own. */
        OWN,
        /** The key may get at what others have made, or at what nobody is known to have made. */
        SHARED,
        /** Nobody is known who has made it. */
        UNKNOWN,
        /** Another key has made it. */
        ANOTHERS,
        /** It could not be found out whose it is. */
        FAILED
    }

    private final LongAdder[] counts = new LongAdder[Result.values().length];

    /** All at zero. */
    public LookUps() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void count(Result result) {
        counts[result.ordinal()].increment();
    }

    /** How many searches have ended so. */
    public long of(Result result) {
        return counts[result.ordinal()].sum();
    }
}
