package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * The routing table at work: facts in, ordered candidates out, no network. Immutable but for a counter, any thread.
 *
 * <p>In this order: aliases, the rules of the model (the first that matches wins), the model's providers, the default
 * provider. Nothing of these: no candidates.
 */
public final class Router implements Routes {

    /** {@link Decision#matched} when no rule matched and the model's own list was taken. */
    public static final String PROVIDERS = "providers";

    /** {@link Decision#matched} when the default provider was taken. */
    public static final String DEFAULT_PROVIDER = "default_provider";

    /** {@link Decision#matched} when nothing serves the model. */
    public static final String NOTHING = "nothing";

    private final RouteTable table;
    private final Map<String, Plan> plans;
    private final Set<String> countedModels;
    private final LongAdder faults = new LongAdder();

    /** @throws IllegalArgumentException when aliases form a cycle or a model is named twice */
    public Router(RouteTable table) {
        this.table = table;
        Map<String, ModelRoutes> models = new HashMap<>();
        for (ModelRoutes routes : table.models()) {
            if (models.put(routes.model(), routes) != null) {
                throw new IllegalArgumentException("model: " + routes.model() + " (expected: each model once)");
            }
        }
        Map<String, Plan> all = new HashMap<>();
        models.forEach((name, routes) -> all.put(name, plan(name, name, models)));
        table.aliases().keySet().forEach(alias -> all.put(alias, plan(alias, target(alias), models)));
        plans = Map.copyOf(all);
        countedModels = table.models().stream()
                .filter(routes ->
                        routes.rules().stream().anyMatch(routed -> routed.rule().usesTokens()))
                .map(ModelRoutes::model)
                .collect(Collectors.toUnmodifiableSet());
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

    private Plan plan(String asked, String model, Map<String, ModelRoutes> models) {
        ModelRoutes routes = models.get(model);
        return routes == null ? Plan.unlisted(asked, model, table, faults) : Plan.listed(asked, routes, table, faults);
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
        Plan plan = plans.get(facts.model());
        if (plan == null) {
            plan = Plan.unlisted(facts.model(), facts.model(), table, faults);
        }
        return plan.decide(facts, tokens);
    }

    @Override
    public Set<String> countedModels() {
        return countedModels;
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
