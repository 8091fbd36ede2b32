package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One entry of {@code routes}: where requests for certain paths go that name no model, and who may send them.
 *
 * @param paths at least one
 * @param methods in upper case; empty for all
 * @param provider {@code null} where they go without an entry
 * @param keys names of the keys that it is for; empty for all
 * @param shareObjects whether each of these keys may read, list and delete what others have made
 */
public record PathRoute(
        List<PathPattern> paths, Set<String> methods, Provider provider, Set<String> keys, boolean shareObjects) {

    public PathRoute {
        paths = List.copyOf(paths);
        methods = Set.copyOf(methods);
        Objects.requireNonNull(keys, "keys");
        keys = Set.copyOf(keys);
    }

    /** Whether it is about {@code operation}. */
    public boolean covers(Operation operation) {
        if (!methods.isEmpty() && !methods.contains(operation.method())) {
            return false;
        }
        for (PathPattern path : paths) {
            if (path.covers(operation.path())) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is for the key called {@code name}. */
    boolean isFor(String name) {
        return keys.isEmpty() || keys.contains(name);
    }

    /** Whether it names the key called {@code name}, so that its writer had that key in mind. */
    boolean names(String name) {
        return keys.contains(name);
    }

    /** Whether its provider has the API of clients that speak {@code family}. */
    boolean speaks(ApiFamily family) {
        return provider == null || provider.kind().families().contains(family);
    }
}
