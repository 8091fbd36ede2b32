package io.costoptimal.gateway.route;

import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Prices;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Makes a chooser for each list whose order depends on the request. Immutable.
 *
 * @param prices what candidates cost
 * @param memory what is known of requests before
 * @param random gives a number from 0 to its argument, which is above 0, without that itself; any thread
 */
record Choosers(Prices prices, CostMemory memory, LongUnaryOperator random) {

    /**
     * The chooser of a list; {@code null} for one that is tried as it is listed.
     *
     * @param entry of the table, as it is written there
     */
    Chooser of(Strategy strategy, List<Candidate> listed, String entry) {
        if (strategy instanceof Strategy.Weighted weighted && listed.size() > 1) {
            Lots lots = new Lots(listed, weighted, random);
            return (facts, tokens) -> lots.draw();
        }
        return strategy instanceof Strategy.Cheapest cheapest && listed.size() > 1
                ? new Cheapest(entry, listed, cheapest.affinity(), this)
                : null;
    }
}
