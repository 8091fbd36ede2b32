package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import java.util.Map;

/** Requests to route. */
final class Asking {

    static final String CHAT = "/v1/chat/completions";

    private Asking() {}

    static RoutingFacts model(String model) {
        return of(model, CHAT, Map.of());
    }

    static RoutingFacts of(String model, String path, Map<String, String> headers) {
        return new RoutingFacts(model, path, false, -1, new RoutingFacts.Caller("team", headers::get));
    }

    static RoutingFacts maxTokens(long maxTokens) {
        return new RoutingFacts("gpt-4o", CHAT, true, maxTokens, new RoutingFacts.Caller("team", name -> null));
    }
}
