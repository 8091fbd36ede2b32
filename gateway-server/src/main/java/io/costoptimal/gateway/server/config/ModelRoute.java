package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.RetryOn;
import java.util.List;

/**
 * Where requests for one model go.
 *
 * @param model as clients name it
 * @param rules tried in this order; the first that holds chooses
 * @param providers candidates when no rule holds; empty leaves it to {@code default_provider}
 * @param retryOn which failures move on to the next candidate
 */
public record ModelRoute(String model, List<RuleRoute> rules, List<Candidate> providers, RetryOn retryOn) {

    public ModelRoute {
        rules = List.copyOf(rules);
        providers = List.copyOf(providers);
    }

    /**
     * Where requests go for which an expression holds.
     *
     * @param rule the expression as written
     * @param providers candidates, in the order to try
     */
    public record RuleRoute(String rule, List<Candidate> providers) {

        public RuleRoute {
            providers = List.copyOf(providers);
        }
    }
}
