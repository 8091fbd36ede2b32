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
 * @param unnamed where requests go that name no model
 */
public record RouteTable(
        Map<String, String> aliases,
        List<ModelRoutes> models,
        Provider defaultProvider,
        RetryOn retryOn,
        Unnamed unnamed) {

    /**
     * Where requests go that name no model.
     *
     * @param paths the first that is about a path counts
     * @param providers by id: all that objects may be kept by
     */
    public record Unnamed(List<PathRoute> paths, Map<String, Provider> providers) {

        /** No entry is about any path, and no provider keeps objects. */
        public static final Unnamed NONE = new Unnamed(List.of(), Map.of());

        public Unnamed {
            paths = List.copyOf(paths);
            providers = Map.copyOf(providers);
        }
    }

    public RouteTable {
        aliases = Map.copyOf(aliases);
        models = List.copyOf(models);
        Objects.requireNonNull(retryOn, "retryOn");
        Objects.requireNonNull(unnamed, "unnamed");
    }

    /** A table whose requests without a model have the default provider alone. */
    public RouteTable(
            Map<String, String> aliases, List<ModelRoutes> models, Provider defaultProvider, RetryOn retryOn) {
        this(aliases, models, defaultProvider, retryOn, Unnamed.NONE);
    }

    /** Entries for paths, in their order. */
    public List<PathRoute> paths() {
        return unnamed.paths();
    }

    /** All providers that objects may be kept by, by their ids. */
    public Map<String, Provider> providers() {
        return unnamed.providers();
    }
}
