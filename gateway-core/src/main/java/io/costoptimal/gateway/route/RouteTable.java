package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All routes of one configuration, as written.
 *
 * @param aliases a name to what it stands for, which may be another alias
 * @param models each named once
 * @param defaultProvider where everything else goes; {@code null} for nowhere
 * @param retryOn which failures move on to the next candidate, where a model does not say
 */
public record RouteTable(
        Map<String, String> aliases, List<ModelRoutes> models, Provider defaultProvider, RetryOn retryOn) {

    public RouteTable {
        aliases = Map.copyOf(aliases);
        models = List.copyOf(models);
        Objects.requireNonNull(retryOn, "retryOn");
    }
}
