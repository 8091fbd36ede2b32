package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/** Puts the candidates of one list in order, anew for each request. Any thread. */
@FunctionalInterface
interface Chooser {

    /**
     * The order for one request.
     *
     * @param facts with the model after aliases
     * @return {@code null} when the order depends on the token count and {@code tokens} has bounds only
     */
    Choice choose(RoutingFacts facts, TokenSource tokens);
}
