package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.LocalService;
import java.util.Objects;

/**
 * What an embedder adds to the engine.
 *
 * @param listener hears of each exchange at its end
 * @param local answers model lists and health checks
 */
public record Services(GatewayListener listener, LocalService local) {

    public Services {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(local, "local");
    }
}
