package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Set;

/** A routing table that remembers what it was asked last. Used by one thread. */
final class Witness implements Routes {

    private final Routes routes;
    private RoutingFacts asked;

    Witness(Routes routes) {
        this.routes = routes;
    }

    /** The facts of the request as its rules saw them, aliases resolved; {@code null} when none was asked. */
    RoutingFacts resolved() {
        return asked == null ? null : asked.withModel(resolve(asked.model()));
    }

    @Override
    public String resolve(String name) {
        return routes.resolve(name);
    }

    @Override
    public Decision decide(RoutingFacts facts, TokenSource tokens) {
        asked = facts;
        return routes.decide(facts, tokens);
    }

    @Override
    public Set<String> countedModels() {
        return routes.countedModels();
    }
}
