package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.server.config.CandidateReader.Listed;
import java.util.Optional;

/**
 * Reads {@code strategy} and {@code affinity} of a model or of one of its rules. Owned by the thread that loads.
 *
 * @param kind in which order candidates are tried
 * @param affinity whether conversations stay with their provider
 */
record StrategyReader(Choice.Strategy kind, boolean affinity) {

    /** What holds where a model says nothing. */
    static final StrategyReader STANDARD = new StrategyReader(Choice.Strategy.ORDERED, true);

    private static final String NONE = "none";
    private static final String CONVERSATION = "conversation";

    /**
     * What {@code section} says; what it leaves out is as here.
     *
     * @param passedOn whether others follow what is read, so that all of it may have a meaning
     */
    StrategyReader read(Section section, boolean passedOn) {
        Choice.Strategy strategy = section.parsed("strategy", kind, text -> Names.choice(text, Choice.Strategy.class));
        Optional<Value> written = section.value("affinity");
        boolean stays = section.parsed("affinity", affinity, text -> switch (text) {
            case NONE -> false;
            case CONVERSATION -> true;
            default -> throw new IllegalArgumentException(NONE + " or " + CONVERSATION);
        });
        if (strategy != Choice.Strategy.CHEAPEST && !passedOn) {
            written.ifPresent(value -> value.warn("affinity: says nothing here (expected: strategy: cheapest)"));
        }
        return new StrategyReader(strategy, stays);
    }

    /**
     * The strategy for {@code listed}; notes what does not fit.
     *
     * @param at where the list is written
     */
    Strategy of(Listed listed, Optional<Value> at) {
        if (kind != Choice.Strategy.WEIGHTED) {
            listed.weight().ifPresent(value -> value.warn("weight: says nothing here (expected: strategy: weighted)"));
        }
        return switch (kind) {
            case ORDERED -> Strategy.ORDERED;
            case CHEAPEST -> new Strategy.Cheapest(affinity);
            case WEIGHTED -> weighted(listed, at);
        };
    }

    private static Strategy weighted(Listed listed, Optional<Value> at) {
        boolean nothing = listed.weights().stream().allMatch(weight -> weight == 0);
        if (nothing) {
            if (!listed.weights().isEmpty()) {
                at.ifPresent(value -> value.problem("weight: 0 for every candidate (expected: one above 0)"));
            }
            return Strategy.ORDERED;
        }
        return new Strategy.Weighted(listed.weights());
    }
}
