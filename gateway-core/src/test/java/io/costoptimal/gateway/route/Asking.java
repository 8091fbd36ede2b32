package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.costoptimal.gateway.exchange.RoutingFacts;
import java.util.Map;

/** Requests to route, and rules that are refused. */
final class Asking {

    static final String CHAT = "/v1/chat/completions";

    private Asking() {}

    static RoutingFacts model(String model) {
        return of(model, CHAT, Map.of());
    }

    static RoutingFacts streamed(String model) {
        return new RoutingFacts(model, CHAT, true, -1, new RoutingFacts.Caller("team", name -> null));
    }

    static RoutingFacts of(String model, String path, Map<String, String> headers) {
        return new RoutingFacts(model, path, false, -1, new RoutingFacts.Caller("team", headers::get));
    }

    static RoutingFacts maxTokens(long maxTokens) {
        return new RoutingFacts("gpt-4o", CHAT, true, maxTokens, new RoutingFacts.Caller("team", name -> null));
    }

    /** {@code rule} is refused with that line and column, and a message that contains {@code message}. */
    static void assertRefused(String rule, int line, int column, String message) {
        RuleException refused = catchThrowableOfType(RuleException.class, () -> Rule.compile(rule));

        assertThat(refused).isNotNull();
        assertThat(refused.line() + ":" + refused.column() + " " + refused.getMessage())
                .startsWith(line + ":" + column + " ")
                .contains(message);
    }
}
