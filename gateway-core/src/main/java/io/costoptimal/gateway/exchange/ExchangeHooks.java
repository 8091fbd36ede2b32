package io.costoptimal.gateway.exchange;

/**
 * Hears of each exchange at its start, and says who hears of the rest.
 *
 * <p>Hooks look and change nothing. Everything is called on the event loop of the exchange, while the exchange waits: the one
 * misuse is blocking here, which stops every other connection of that loop too. What is slow belongs behind a bounded queue.
 * What a hook throws is logged and hurts nobody.
 */
@FunctionalInterface
public interface ExchangeHooks {

    /** Nobody looks, and nothing is spent on it. */
    ExchangeHooks NONE = (exchange, fields) -> null;

    /**
     * The head of a request is here: nothing is known yet but what stands in it, and nobody knows whose it is. Called once for
     * each exchange, for those too whose head was not understood.
     *
     * @param exchange valid during this call only
     * @param fields the request's header fields and query
     * @return who hears of what follows, an object of this exchange alone or one for all; {@code null} for nobody
     */
    ExchangeHook started(ExchangeReport exchange, RequestFields fields);
}
