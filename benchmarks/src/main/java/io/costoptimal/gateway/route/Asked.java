package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.HashMap;
import java.util.Map;

/** One request to route, for us and for Aviator. */
final class Asked {

    static final RoutingFacts FACTS = new RoutingFacts(
            "gpt-4o",
            "/v1/chat/completions",
            false,
            4096,
            new RoutingFacts.Caller("team", name -> name.equals("x-tier") ? "gold" : null));

    /** What is known of a body of 8 KB before anything was counted. */
    static final TokenSource BOUNDS = TokenSource.bounds(0, 8192);

    private Asked() {}

    /** The same for Aviator, with a count that cost nothing. It writes into the map that it is given. */
    static Map<String, Object> variables() {
        Map<String, Object> variables = new HashMap<>();
        variables.put("TokenCount", 1800L);
        variables.put("MaxTokens", FACTS.maxTokens());
        variables.put("Model", FACTS.model());
        variables.put("Path", FACTS.path());
        variables.put("Key", FACTS.caller().key());
        variables.put("Stream", FACTS.stream());
        variables.put("Headers", Map.of("x-tier", "gold"));
        return variables;
    }
}
