package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.server.config.GatewayConfig;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that may be label values. Immutable.
 *
 * @param providers ids, and {@link Words#UNNAMED} for exchanges that reached no provider
 * @param models entries as the configuration spells them, and {@link Words#UNNAMED} for every other model
 * @param keys names of gateway keys
 */
record Names(Set<String> providers, Set<String> models, Set<String> keys) {

    /** Before any configuration. */
    static final Names NONE = new Names(Set.of(), Set.of(), Set.of());

    Names {
        providers = with(providers);
        models = with(models);
        keys = Set.copyOf(keys);
    }

    static Names of(GatewayConfig config) {
        return new Names(
                config.routing().providers().keySet(),
                config.routing().table().models().stream()
                        .map(ModelRoutes::model)
                        .collect(Collectors.toSet()),
                config.keys().stream()
                        .map(KeyEntry::owner)
                        .map(owner -> owner.name())
                        .collect(Collectors.toSet()));
    }

    /** The names in either. */
    Names or(Names other) {
        return new Names(both(providers, other.providers), both(models, other.models), both(keys, other.keys));
    }

    private static Set<String> with(Set<String> names) {
        return both(names, Set.of(Words.UNNAMED));
    }

    private static Set<String> both(Set<String> one, Set<String> two) {
        return Stream.concat(one.stream(), two.stream()).collect(Collectors.toUnmodifiableSet());
    }
}
