package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.ExchangeReport;

/**
 * Hears of each exchange once, at its end: refused, relayed, broken off or cancelled alike.
 *
 * <p>Called on the event loop of the exchange, after its last byte was queued for the client. The one misuse is blocking
 * here; what is slow belongs behind a bounded queue. An exception is logged and hurts nobody.
 */
@FunctionalInterface
public interface GatewayListener {

    /** Nobody listens. */
    GatewayListener NONE = exchange -> {};

    /**
     * {@code exchange} has ended.
     *
     * @param exchange valid during this call only; copy what is to be kept
     */
    void exchangeEnded(ExchangeReport exchange);
}
