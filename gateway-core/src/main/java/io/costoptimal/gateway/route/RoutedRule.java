package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import java.util.List;

/**
 * A rule and where its requests go.
 *
 * @param rule what a request must fulfil
 * @param candidates in the order to try; at least one
 */
public record RoutedRule(Rule rule, List<Candidate> candidates) {

    public RoutedRule {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("candidates of rule " + rule + ": none (expected: at least one)");
        }
    }
}
