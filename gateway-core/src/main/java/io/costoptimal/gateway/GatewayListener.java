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

    /**
     * Whether what providers do not tell of tokens is to be counted, off the event loop. An exchange with such an attempt is
     * told of when that is done, some milliseconds after its end. Costs memory for the text of each answer while it passes.
     * Asked once.
     */
    default boolean wantsUsageCounted() {
        return false;
    }
}
