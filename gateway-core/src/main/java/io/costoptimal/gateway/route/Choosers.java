package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Makes a chooser for each list whose order depends on the request. Immutable.
 *
 * @param random gives a number from 0 to its argument, which is above 0, without that itself; any thread
 */
record Choosers(LongUnaryOperator random) {

    /** The chooser of a list; {@code null} for one that is tried as it is listed. */
    Chooser of(Strategy strategy, List<Candidate> listed) {
        if (strategy instanceof Strategy.Weighted weighted && listed.size() > 1) {
            Lots lots = new Lots(listed, weighted, random);
            return (facts, tokens) -> lots.draw();
        }
        return null;
    }
}
