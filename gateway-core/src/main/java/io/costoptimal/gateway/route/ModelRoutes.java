package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.RetryOn;
import java.util.List;

/**
 * One entry of the table: a model, or all that a wildcard matches, and where their requests go.
 *
 * @param model the name, or a wildcard as {@link io.costoptimal.gateway.exchange.ModelPattern} reads it
 * @param providers where requests go that no rule matches; may be empty
 * @param strategy in which order these are tried
 * @param rules in order; the first that matches wins
 * @param retryOn which failures move on to the next candidate; {@code null} for what the table says
 */
public record ModelRoutes(
        String model, List<Candidate> providers, Strategy strategy, List<RoutedRule> rules, RetryOn retryOn) {

    /** An entry whose providers are tried in their order. */
    public ModelRoutes(String model, List<Candidate> providers, List<RoutedRule> rules, RetryOn retryOn) {
        this(model, providers, Strategy.ORDERED, rules, retryOn);
    }

    public ModelRoutes {
        providers = List.copyOf(providers);
        rules = List.copyOf(rules);
        strategy.check(providers);
    }
}
