package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What to do with requests that name one model or one alias, worked out beforehand. Immutable but for its counter, any
 * thread.
 */
final class Plan {

    private final String asked;
    private final String model;
    private final RetryOn retryOn;
    private final List<Step> steps;
    private final LongAdder faults;

    /** @param rule {@code null} for what holds when no rule does */
    private record Step(Rule rule, String matched, List<Candidate> candidates) {}

    private Plan(String asked, String model, RetryOn retryOn, List<Step> steps, LongAdder faults) {
        this.asked = asked;
        this.model = model;
        this.retryOn = retryOn;
        this.steps = steps;
        this.faults = faults;
    }

    /** The plan for a name no model of the table has. */
    static Plan unlisted(String asked, String model, RouteTable table, LongAdder faults) {
        return new Plan(asked, model, table.retryOn(), List.of(last(asked, model, List.of(), table)), faults);
    }

    /**
     * The plan for a model.
     *
     * @param asked the model's name or an alias of it
     */
    static Plan listed(String asked, ModelRoutes routes, RouteTable table, LongAdder faults) {
        List<Step> steps = new ArrayList<>();
        for (RoutedRule routed : routes.rules()) {
            String matched = "rule " + (steps.size() + 1) + ": " + routed.rule().expression();
            steps.add(new Step(routed.rule(), matched, named(asked, routes.model(), routed.candidates())));
        }
        steps.add(last(asked, routes.model(), routes.providers(), table));
        RetryOn retryOn = routes.retryOn() == null ? table.retryOn() : routes.retryOn();
        return new Plan(asked, routes.model(), retryOn, List.copyOf(steps), faults);
    }

    private static Step last(String asked, String model, List<Candidate> providers, RouteTable table) {
        if (!providers.isEmpty()) {
            return new Step(null, Router.PROVIDERS, named(asked, model, providers));
        }
        Provider fallback = table.defaultProvider();
        return fallback == null
                ? new Step(null, Router.NOTHING, List.of())
                : new Step(null, Router.DEFAULT_PROVIDER, named(asked, model, List.of(new Candidate(fallback, null))));
    }

    /**
     * The candidates with the name each is to be sent: its own name for the model, else the model's, since no provider
     * knows our aliases; but none where that is what the client's bytes say already.
     */
    private static List<Candidate> named(String asked, String model, List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> {
                    String name = candidate.model() == null ? model : candidate.model();
                    return new Candidate(candidate.provider(), name.equals(asked) ? null : name);
                })
                .toList();
    }

    /** The model that requests are for, after aliases. */
    String model() {
        return model;
    }

    /** As {@link Router#decide}. */
    Decision decide(RoutingFacts facts, TokenSource tokens) {
        RoutingFacts resolved = model.equals(asked)
                ? facts
                : new RoutingFacts(model, facts.path(), facts.stream(), facts.maxTokens(), facts.caller());
        for (Step step : steps) {
            Verdict verdict = step.rule() == null ? Verdict.TRUE : verdict(step.rule(), resolved, tokens);
            if (verdict == Verdict.UNKNOWN) {
                return null;
            }
            if (verdict == Verdict.TRUE) {
                Decision.Tokens known = new Decision.Tokens(tokens.low(), tokens.high(), tokens.counted());
                return new Decision(model, step.matched(), step.candidates(), retryOn, known);
            }
        }
        throw new IllegalStateException("plan for " + asked + " has no last step");
    }

    private Verdict verdict(Rule rule, RoutingFacts facts, TokenSource tokens) {
        try {
            return rule.evaluate(facts, tokens);
        } catch (RuleFault fault) {
            faults.increment();
            return Verdict.FALSE;
        }
    }
}
