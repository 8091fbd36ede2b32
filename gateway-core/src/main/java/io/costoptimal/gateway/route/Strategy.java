package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import java.util.List;

/** In which order the candidates of one list are tried. Immutable. */
public sealed interface Strategy {

    /** As they are listed. */
    Strategy ORDERED = new Ordered();

    /** As the configuration calls it. */
    Choice.Strategy kind();

    /**
     * Refuses a list that this strategy does not fit.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    default void check(List<Candidate> candidates) {}

    /** As they are listed. */
    record Ordered() implements Strategy {
        @Override
        public Choice.Strategy kind() {
            return Choice.Strategy.ORDERED;
        }
    }

    /**
     * The cheapest first.
     *
     * @param affinity whether a conversation stays with its provider while the provider's cache saves more than another one
     *     is cheaper
     */
    record Cheapest(boolean affinity) implements Strategy {
        @Override
        public Choice.Strategy kind() {
            return Choice.Strategy.CHEAPEST;
        }
    }

    /**
     * By lot: the first is drawn by weight, then the next from those that are left, and so on. Candidates of weight 0 come
     * after all others, as they are listed.
     *
     * @param weights for each candidate in the order of the list, 0 to {@link #MOST}; not all 0
     */
    record Weighted(List<Integer> weights) implements Strategy {

        /** The largest weight. */
        public static final int MOST = 1_000_000;

        public Weighted {
            weights = List.copyOf(weights);
            for (int weight : weights) {
                if (weight < 0 || weight > MOST) {
                    throw new IllegalArgumentException("weight: " + weight + " (expected: 0 to " + MOST + ")");
                }
            }
            if (!weights.isEmpty() && weights.stream().allMatch(weight -> weight == 0)) {
                throw new IllegalArgumentException("weights: " + weights + " (expected: one above 0)");
            }
        }

        @Override
        public Choice.Strategy kind() {
            return Choice.Strategy.WEIGHTED;
        }

        @Override
        public void check(List<Candidate> candidates) {
            if (candidates.size() != weights.size()) {
                throw new IllegalArgumentException("weights: " + weights.size() + " (expected: " + candidates.size()
                        + ", one for each candidate)");
            }
        }
    }
}
