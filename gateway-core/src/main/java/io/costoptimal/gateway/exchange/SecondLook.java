package io.costoptimal.gateway.exchange;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Looks at a request once more when it is decided where it goes: a rate limiter, a budget in a database, another order of the
 * candidates. It may refuse the request with any error status, see {@link Decision#refused}.
 */
@FunctionalInterface
public interface SecondLook {

    /**
     * Called on the event loop, once for each request for which there are candidates, and so never blocks.
     *
     * @param decided what the routes say, with at least one candidate
     * @param exchange who asks, and for what; valid during this call only, so copy what is to be kept
     * @param fields the request's header fields and query; valid during this call only
     * @return {@code null} when the decision stands. Otherwise what stands in its place, completed by now or later by any
     *     thread. The request waits meanwhile. The future belongs to this request alone, and is cancelled when nobody waits
     *     any more: the client has left, or there was no result in time
     */
    CompletableFuture<Decision> look(Decision decided, ExchangeReport exchange, RequestFields fields);

    /**
     * How long a request waits; then it is refused with a 503, as it is when the future fails or gives {@code null}, and when {@link #look} throws.
     * More than zero.
     */
    default Duration patience() {
        return Duration.ofSeconds(5);
    }
}
