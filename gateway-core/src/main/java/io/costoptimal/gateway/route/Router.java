package io.costoptimal.gateway.route;

import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.exchange.Unnamed;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * The routing table at work: facts in, ordered candidates out, no network. Immutable but for a counter, any thread.
 *
 * <p>A name is looked up as an alias first, then among the entries: the one of exactly that name, else the longest wildcard
 * that matches, the first in the table of two as long. Within an entry the first rule that holds wins, then come the entry's
 * providers, then the default provider. Nothing of these: no candidates.
 *
 * <p>A request that names no model goes to the default provider.
 */
public final class Router implements Routes {

    /** {@link Decision#matched} when no rule matched and the model's own list was taken. */
    public static final String PROVIDERS = "providers";

    /** {@link Decision#matched} when the default provider was taken. */
    public static final String DEFAULT_PROVIDER = "default_provider";

    /** {@link Decision#matched} when nothing serves the model. */
    public static final String NOTHING = "nothing";

    private final RouteTable table;
    private final ByPath byPath;
    private final Choosers choosers;
    private final Map<String, Plan> plans = new HashMap<>();
    /** Longest first. */
    private final List<Wildcard> wildcards;

    private final Plan unlisted;
    private final Set<String> countedModels;
    private final boolean needContent;
    private final LongAdder faults = new LongAdder();

    private record Wildcard(ModelPattern pattern, ModelRoutes entry, Plan plan) {}

    /** A router that knows no prices. */
    public Router(RouteTable table) {
        this(table, Prices.NONE);
    }

    /**
     * A router that knows what candidates cost.
     *
     * @throws IllegalArgumentException when aliases form a cycle or are wildcards, a model is named twice, or a rule asks for
     *     the price of a candidate that its model does not have
     */
    public Router(RouteTable table, Prices prices) {
        this(table, prices, CostMemory.UNTOLD);
    }

    /**
     * The same with what is remembered of requests before, which outlives a router.
     *
     * @param memory somebody has to tell it of exchanges; see {@link CostMemory#exchangeEnded}
     */
    public Router(RouteTable table, Prices prices, CostMemory memory) {
        this(
                table,
                new Choosers(
                        prices, memory, bound -> ThreadLocalRandom.current().nextLong(bound)));
    }

    /** The same with choosers of the caller's. */
    Router(RouteTable table, Choosers choosers) {
        this.table = table;
        this.byPath = new ByPath(table);
        this.choosers = choosers;
        Map<String, ModelRoutes> entries = new LinkedHashMap<>();
        for (ModelRoutes entry : table.models()) {
            if (entries.put(entry.model(), entry) != null) {
                throw new IllegalArgumentException("model: " + entry.model() + " (expected: each model once)");
            }
        }
        unlisted = Plan.unlisted(null, table, faults);
        wildcards = entries.values().stream()
                .filter(entry -> ModelPattern.isWildcard(entry.model()))
                .map(entry -> new Wildcard(
                        new ModelPattern(entry.model()), entry, Plan.listed(null, entry, table, choosers, faults)))
                .sorted(Comparator.comparingInt((Wildcard wildcard) -> wildcard.pattern.length())
                        .reversed())
                .toList();
        entries.forEach((name, entry) -> {
            if (!ModelPattern.isWildcard(name)) {
                plans.put(name, Plan.listed(name, entry, table, choosers, faults));
            }
        });
        table.aliases().keySet().forEach(alias -> plans.put(alias, ofAlias(alias, entries)));
        countedModels = table.models().stream()
                .filter(Router::mayCount)
                .map(ModelRoutes::model)
                .collect(Collectors.toUnmodifiableSet());
        needContent = table.models().stream().anyMatch(Router::comparesCosts);
    }

    private static boolean comparesCosts(ModelRoutes entry) {
        return comparesCosts(entry.providers(), entry.strategy())
                || entry.rules().stream()
                        .anyMatch(routed ->
                                routed.rule().usesPrices() || comparesCosts(routed.candidates(), routed.strategy()));
    }

    private static boolean mayCount(ModelRoutes entry) {
        return comparesCosts(entry.providers(), entry.strategy())
                || entry.rules().stream()
                        .anyMatch(routed ->
                                routed.rule().usesTokens() || comparesCosts(routed.candidates(), routed.strategy()));
    }

    private static boolean comparesCosts(List<Candidate> candidates, Strategy strategy) {
        return candidates.size() > 1 && strategy instanceof Strategy.Cheapest;
    }

    private Plan ofAlias(String alias, Map<String, ModelRoutes> entries) {
        String target = target(alias);
        if (ModelPattern.isWildcard(alias) || ModelPattern.isWildcard(target)) {
            throw new IllegalArgumentException("alias: " + alias + " -> " + target + " (expected: no wildcards)");
        }
        ModelRoutes entry = entries.get(target);
        Wildcard wildcard = entry == null ? wildcard(target) : null;
        if (wildcard != null) {
            entry = wildcard.entry;
        }
        return entry == null
                ? Plan.unlisted(target, table, faults)
                : Plan.listed(target, entry, table, choosers, faults);
    }

    private String target(String alias) {
        Set<String> seen = new LinkedHashSet<>();
        String name = alias;
        while (table.aliases().containsKey(name)) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException(
                        "alias: " + String.join(" -> ", seen) + " -> " + name + " (expected: no cycle)");
            }
            name = table.aliases().get(name);
        }
        return name;
    }

    /** @param asked may be {@code null} */
    private Plan plan(String asked) {
        Plan plan = plans.get(asked);
        if (plan != null) {
            return plan;
        }
        Wildcard wildcard = asked == null ? null : wildcard(asked);
        return wildcard == null ? unlisted : wildcard.plan;
    }

    private Wildcard wildcard(String name) {
        for (int i = 0; i < wildcards.size(); i++) {
            if (wildcards.get(i).pattern.matches(name)) {
                return wildcards.get(i);
            }
        }
        return null;
    }

    /** Whether an entry or an alias serves {@code name}, so that the default provider is not needed for it. */
    public boolean lists(String name) {
        return plan(name) != unlisted;
    }

    @Override
    public String resolve(String asked) {
        Plan plan = plans.get(asked);
        return plan == null ? asked : plan.model();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A rule that fails on this request counts as not matched, and in {@link #ruleFaults}.
     */
    @Override
    public Decision decide(RoutingFacts facts, TokenSource tokens) {
        return plan(facts.model()).decide(facts, tokens);
    }

    @Override
    public Rejection closed(Operation operation, Principal caller) {
        return byPath.closed(operation, caller);
    }

    @Override
    public boolean shares(Unnamed request) {
        return byPath.shares(request);
    }

    @Override
    public Decision decide(Unnamed request) {
        return byPath.decide(request);
    }

    /** Where some list is tried in the order of what a request costs, or a rule asks for that. */
    @Override
    public boolean needContent() {
        return needContent;
    }

    @Override
    public Set<String> countedModels() {
        return countedModels;
    }

    /**
     * A rule of the table as this router asks it: one that knows the prices it asks for.
     *
     * @param entry of the table, as it is written there; must have a rule at {@code place}
     * @param place of the rule in the entry, from 0
     */
    public Rule rule(String entry, int place) {
        for (Wildcard wildcard : wildcards) {
            if (wildcard.entry.model().equals(entry)) {
                return wildcard.plan.rule(place);
            }
        }
        return plans.get(entry).rule(place);
    }

    /** How often a rule failed on a request, since this router was made. */
    public long ruleFaults() {
        return faults.sum();
    }

    /** What this router was made of. */
    public RouteTable table() {
        return table;
    }
}
