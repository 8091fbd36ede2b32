package io.costoptimal.gateway.cost;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long answers were so far, by entry of the routing table and by key: a mean in which older answers fade. Any thread,
 * without a lock; bounded, so that a mean that finds no room takes the place of another.
 *
 * <p>What is here is a hint: two pairs of names may share a mean, and an update may be lost when two come at once.
 */
public final class OutputLengths {

    private static final int SLOTS = 4096;
    private static final int PROBES = 4;
    /** From so many answers on, each new one counts for so much less than all before. */
    private static final int MEMORY = 16;

    private static final int COUNT_BITS = 8;
    private static final int FRACTION_BITS = 16;

    /** What a slot is for; 0 for none. */
    private final AtomicLongArray names = new AtomicLongArray(SLOTS);
    /** The mean, then how many answers it is of, up to {@link #MEMORY}. */
    private final AtomicLongArray means = new AtomicLongArray(SLOTS);

    /**
     * The mean length of answers, in tokens; -1 when there was none.
     *
     * @param entry of the routing table, as it is written there
     * @param key the name of the client's key
     */
    public long expected(String entry, String key) {
        long name = name(entry, key);
        for (int i = 0; i < PROBES; i++) {
            int slot = slot(name, i);
            if (names.get(slot) == name) {
                long mean = means.get(slot);
                return mean == 0 ? -1 : rounded(mean >>> COUNT_BITS);
            }
        }
        return -1;
    }

    /**
     * An answer has come to its end.
     *
     * @param tokens of output; what no answer can have is left out
     */
    public void learn(String entry, String key, long tokens) {
        if (tokens < 0 || tokens > Money.MOST_TOKENS) {
            return;
        }
        int slot = claim(name(entry, key));
        long before = means.get(slot);
        means.compareAndSet(slot, before, updated(before, tokens));
    }

    private static long updated(long before, long tokens) {
        long count = Math.min(MEMORY, (before & (1 << COUNT_BITS) - 1) + 1);
        long mean = before >>> COUNT_BITS;
        mean += ((tokens << FRACTION_BITS) - mean) / count;
        return mean << COUNT_BITS | count;
    }

    private static long rounded(long mean) {
        return mean + (1 << FRACTION_BITS - 1) >> FRACTION_BITS;
    }

    private int claim(long name) {
        for (int i = 0; i < PROBES; i++) {
            int slot = slot(name, i);
            long there = names.get(slot);
            if (there == name || there == 0 && names.compareAndSet(slot, 0, name)) {
                return slot;
            }
        }
        int slot = slot(name, 0);
        names.set(slot, name);
        means.set(slot, 0);
        return slot;
    }

    private static int slot(long name, int probe) {
        return (int) (name >>> 32) + probe & SLOTS - 1;
    }

    /** Strings keep their hash codes, so this looks at no character. */
    private static long name(String entry, String key) {
        long name = Conversations.mixed((long) entry.hashCode() << 32 | key.hashCode() & 0xffffffffL);
        return name == 0 ? 1 : name;
    }
}
