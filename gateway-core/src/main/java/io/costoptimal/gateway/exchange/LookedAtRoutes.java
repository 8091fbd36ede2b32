package io.costoptimal.gateway.exchange;

import java.util.Set;

/** What {@code routes} decide, looked at once more. Immutable, any thread. */
record LookedAtRoutes(Routes routes, SecondLook secondLook) implements Routes {

    @Override
    public String resolve(String asked) {
        return routes.resolve(asked);
    }

    @Override
    public Decision decide(RoutingFacts facts, TokenSource tokens) {
        return routes.decide(facts, tokens);
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
    public boolean shares(Unnamed request) {
        return routes.shares(request);
    }

    @Override
    public boolean needContent() {
        return routes.needContent();
    }

    @Override
    public Set<String> countedModels() {
        return routes.countedModels();
    }
}
