package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Decision.Match;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What to do with requests for one model, one alias, or whatever a wildcard matches, worked out beforehand. Immutable but
 * for its counter, any thread.
 */
final class Plan {

    private final String model;
    private final RetryOn retryOn;
    private final List<Step> steps;
    private final LongAdder faults;

    /**
     * One rule, or what holds when no rule does.
     *
     * @param rule {@code null} for what holds when no rule does
     * @param always the choice, where it is the same for every request; else {@code null}
     * @param chooser makes the choice, where it is not
     */
    private record Step(Rule rule, Match match, Choice always, Chooser chooser) {

        /** {@code null} when it depends on the token count and {@code tokens} has bounds only. */
        Choice choose(RoutingFacts facts, TokenSource tokens) {
            return always != null ? always : chooser.choose(facts, tokens);
        }
    }

    private Plan(String model, RetryOn retryOn, List<Step> steps, LongAdder faults) {
        this.model = model;
        this.retryOn = retryOn;
        this.steps = steps;
        this.faults = faults;
    }

    /**
     * The plan for a name that no entry of the table has.
     *
     * @param model what to send; {@code null} for whatever was asked for
     */
    static Plan unlisted(String model, RouteTable table, LongAdder faults) {
        return new Plan(model, table.retryOn(), List.of(unlisted(null, table.defaultProvider())), faults);
    }

    /**
     * The plan for an entry.
     *
     * @param model what to send; {@code null} for whatever was asked for
     */
    static Plan listed(String model, ModelRoutes entry, RouteTable table, Choosers choosers, LongAdder faults) {
        List<Step> steps = new ArrayList<>();
        for (RoutedRule routed : entry.rules()) {
            String by = "rule " + (steps.size() + 1) + ": " + routed.rule().expression();
            Match match = new Match(entry.model(), by, routed.refusal());
            List<Candidate> priced = new ArrayList<>(named(entry.providers()));
            priced.addAll(named(routed.candidates()));
            Rule rule = routed.rule().with(new ModelOffers(List.copyOf(priced), entry.model(), choosers));
            steps.add(step(rule, match, routed.candidates(), routed.strategy(), choosers));
        }
        steps.add(
                entry.providers().isEmpty()
                        ? unlisted(entry.model(), table.defaultProvider())
                        : step(
                                null,
                                new Match(entry.model(), Router.PROVIDERS),
                                entry.providers(),
                                entry.strategy(),
                                choosers));
        RetryOn retryOn = entry.retryOn() == null ? table.retryOn() : entry.retryOn();
        return new Plan(model, retryOn, List.copyOf(steps), faults);
    }

    private static Step step(Rule rule, Match match, List<Candidate> candidates, Strategy strategy, Choosers choosers) {
        List<Candidate> listed = named(candidates);
        Chooser chooser = choosers.of(strategy, listed, match.entry());
        return new Step(rule, match, chooser == null ? Choice.ordered(listed) : null, chooser);
    }

    /** Where requests go for which the entry has no provider, or for which there is no entry. */
    private static Step unlisted(String entry, Provider fallback) {
        if (fallback == null) {
            return new Step(null, new Match(entry, Router.NOTHING), Choice.ordered(List.of()), null);
        }
        List<Candidate> only = named(List.of(new Candidate(fallback, null)));
        return new Step(null, new Match(entry, Router.DEFAULT_PROVIDER), Choice.ordered(only), null);
    }

    /** A base that names a deployment leaves no choice: that is the model's name there, whatever else is written. */
    private static List<Candidate> named(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> {
                    String deployment = candidate.provider().deployment();
                    return deployment == null
                            ? candidate
                            : new Candidate(candidate.provider(), deployment, candidate.operation());
                })
                .toList();
    }

    /** The model that requests are for, after aliases; {@code null} when it is the one asked for. */
    String model() {
        return model;
    }

    /** The rule at {@code place}, from 0; there must be one. It knows the prices that it asks for. */
    Rule rule(int place) {
        return steps.get(place).rule();
    }

    /** As {@link Router#decide}. */
    Decision decide(RoutingFacts facts, TokenSource tokens) {
        String name = model == null ? facts.model() : model;
        RoutingFacts resolved = name == null || name.equals(facts.model()) ? facts : facts.withModel(name);
        for (Step step : steps) {
            Verdict verdict = step.rule() == null ? Verdict.TRUE : verdict(step.rule(), resolved, tokens);
            if (verdict == Verdict.UNKNOWN) {
                return null;
            }
            if (verdict == Verdict.TRUE) {
                return decision(step, resolved, tokens);
            }
        }
        throw new IllegalStateException("plan for " + name + " has no last step");
    }

    private Decision decision(Step step, RoutingFacts facts, TokenSource tokens) {
        Choice choice = step.choose(facts, tokens);
        if (choice == null) {
            return null;
        }
        Decision.Tokens known = new Decision.Tokens(tokens.low(), tokens.high(), tokens.counted());
        return new Decision(facts.model(), step.match(), choice, retryOn, known);
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
