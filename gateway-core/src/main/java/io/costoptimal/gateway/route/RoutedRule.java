package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Rejection;
import java.util.List;

/**
 * A rule, and what becomes of the requests that fulfil it: they go to candidates, or are refused.
 *
 * @param rule what a request must fulfil
 * @param candidates where it goes; at least one, and none when it is refused
 * @param strategy in which order the candidates are tried
 * @param refusal what the client is answered; {@code null} when the request goes to candidates
 */
public record RoutedRule(Rule rule, List<Candidate> candidates, Strategy strategy, Rejection refusal) {

    public RoutedRule {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty() && refusal == null) {
            throw new IllegalArgumentException("candidates of rule " + rule + ": none (expected: at least one)");
        }
        if (!candidates.isEmpty() && refusal != null) {
            throw new IllegalArgumentException(
                    "candidates of rule " + rule + ": some (expected: none beside a refusal)");
        }
        strategy.check(candidates);
    }

    /** A rule with candidates. */
    public RoutedRule(Rule rule, List<Candidate> candidates, Strategy strategy) {
        this(rule, candidates, strategy, null);
    }

    /** A rule whose candidates are tried in their order. */
    public RoutedRule(Rule rule, List<Candidate> candidates) {
        this(rule, candidates, Strategy.ORDERED);
    }

    /** A rule that refuses what fulfils it. */
    public RoutedRule(Rule rule, Rejection refusal) {
        this(rule, List.of(), Strategy.ORDERED, refusal);
    }
}
