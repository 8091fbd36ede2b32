package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Provider;

/** One event loop's connections to all providers. Confined to that loop. */
public interface Upstreams {

    /**
     * Asks for a connection. {@code lessee} hears exactly one answer, possibly before this returns, unless the request is
     * cancelled first.
     *
     * @param fresh true to refuse an idle connection: the retry after a stale one
     * @return to be cancelled when the client leaves first
     */
    Pending lease(Provider provider, boolean fresh, Lessee lessee);

    /** A lease that has not been answered yet. */
    @FunctionalInterface
    interface Pending {

        /** Withdraws the request; a connection that is made nevertheless goes to the pool. Does nothing once answered. */
        void cancel();
    }
}
