package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.CrossOrigin;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Routes;
import java.util.Objects;

/**
 * Everything that may change while the gateway runs: immutable, swapped as a whole by {@code Gateway.reload}. Connections
 * to providers that stay the same outlive it.
 *
 * @param keys who may come in
 * @param routes where requests go; carries the providers
 * @param operations what is served
 * @param crossOrigin which web pages may call the gateway; {@code null} for none
 * @param prices what models cost
 */
public record Snapshot(Keys keys, Routes routes, Operations operations, CrossOrigin crossOrigin, Prices prices)
        implements Policy {

    /** A configuration without prices. */
    public Snapshot(Keys keys, Routes routes, Operations operations, CrossOrigin crossOrigin) {
        this(keys, routes, operations, crossOrigin, Prices.NONE);
    }

    /** What every gateway serves. */
    public Snapshot(Keys keys, Routes routes, CrossOrigin crossOrigin) {
        this(keys, routes, StandardOperations.ALL, crossOrigin);
    }

    /** The same, for clients that are no web pages. */
    public Snapshot(Keys keys, Routes routes) {
        this(keys, routes, null);
    }

    public Snapshot {
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(routes, "routes");
        Objects.requireNonNull(operations, "operations");
        Objects.requireNonNull(prices, "prices");
    }

    /** The same configuration with other prices. */
    public Snapshot with(Prices others) {
        return new Snapshot(keys, routes, operations, crossOrigin, others);
    }
}
