package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Routes;
import java.util.Objects;

/**
 * Everything that may change while the gateway runs: immutable, swapped as a whole by {@code Gateway.reload}. Connections
 * to providers that stay the same outlive it.
 *
 * @param keys who may come in
 * @param routes where requests go; carries the providers
 */
public record Snapshot(Keys keys, Routes routes) implements Policy {

    public Snapshot {
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(routes, "routes");
    }
}
