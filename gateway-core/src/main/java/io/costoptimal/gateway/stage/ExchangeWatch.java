package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.Exchange;

/** Hears of the exchanges of the connections on one event loop. Called on that loop. */
@FunctionalInterface
public interface ExchangeWatch {

    /** A head was decoded, sound or not; {@link #ended} follows, once. What this throws ends the connection. */
    default void began(Exchange exchange) {}

    /**
     * {@code exchange} has ended, and is the watcher's from now on: it may have attempts that are to be counted. What this
     * throws is logged and hurts nobody.
     */
    void ended(Exchange exchange);
}
