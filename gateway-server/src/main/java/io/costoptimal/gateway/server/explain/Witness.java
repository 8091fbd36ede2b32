package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.exchange.Unnamed;
import io.costoptimal.gateway.route.Router;
import java.util.Set;

/** A routing table that remembers what it was asked last, and is asked as if it were another time. Used by one thread. */
final class Witness implements Routes {

    private final Router routes;
    private final long atMillis;
    private RoutingFacts asked;

    /** @param atMillis since 1970 */
    Witness(Router routes, long atMillis) {
        this.routes = routes;
        this.atMillis = atMillis;
    }

    /** What is asked. */
    Router router() {
        return routes;
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
        asked = facts.at(atMillis);
        return routes.decide(asked, tokens);
    }

    @Override
    public Rejection closed(Operation operation, Principal caller) {
        return routes.closed(operation, caller);
    }

    @Override
    public Decision decide(Unnamed request) {
        return routes.decide(request);
    }

    @Override
    public Set<String> countedModels() {
        return routes.countedModels();
    }
}
