package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.Choice.Certainty;

/**
 * What a {@link CostChooser} found: candidates in the order to try, and how sure that is. Owned by one thread, and filled anew
 * by each choice, so that choosing allocates nothing; copy what is to be kept.
 *
 * <p>Candidates are told by their place in the list that the chooser was made of, from 0. Costs are nano-dollars.
 */
public final class Ranking {

    int[] order = new int[8];
    int size;
    boolean fits;
    Certainty certainty;
    long low;
    long high;
    long expected;
    long regret;

    /** How many candidates are to be tried; at least one. */
    public int size() {
        return size;
    }

    /** The candidate to be tried as number {@code rank}, from 0. */
    public int candidate(int rank) {
        if (rank >= size) {
            throw new IndexOutOfBoundsException("rank: " + rank + " (expected: < " + size + ")");
        }
        return order[rank];
    }

    /**
     * Whether the first candidate's context window holds the request, or is not known. If none has room, all are here, the
     * largest window first, and each will probably refuse.
     */
    public boolean fits() {
        return fits;
    }

    /** What the order rests on. */
    public Certainty certainty() {
        return certainty;
    }

    /** Whether the first candidate has a price. If not, none has that fits, and the four costs are -1. */
    public boolean priced() {
        return expected >= 0;
    }

    /** What the first candidate costs at least. */
    public long low() {
        return low;
    }

    /** What the first candidate costs at most; {@link Long#MAX_VALUE} when nothing bounds the output. */
    public long high() {
        return high;
    }

    /** What the first candidate is expected to cost. */
    public long expected() {
        return expected;
    }

    /**
     * How much more the first candidate may cost than the best of the others, at most; 0 when it is proven to be the
     * cheapest, {@link Long#MAX_VALUE} when nothing bounds it.
     */
    public long regret() {
        return regret;
    }

    void clear(int candidates) {
        if (order.length < candidates) {
            order = new int[candidates];
        }
        size = 0;
        fits = true;
        certainty = Certainty.ESTIMATED;
        low = -1;
        high = -1;
        expected = -1;
        regret = -1;
    }

    void add(int place) {
        order[size++] = place;
    }
}
