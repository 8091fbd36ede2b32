package io.costoptimal.gateway.exchange;

import java.util.Set;

/**
 * Who a gateway key belongs to. The key itself is not here, and never in a log.
 *
 * @param name the key's name in the configuration
 * @param role what it may do beyond sending requests
 * @param models the model names it may ask for; empty means all
 */
public record Principal(String name, Role role, Set<String> models) {

    /** What a key is for. */
    public enum Role {
        CLIENT,
        ADMIN
    }

    public Principal {
        models = Set.copyOf(models);
    }

    /** Whether this key may ask for {@code model}, as the client spelled it. */
    public boolean mayUse(String model) {
        return models.isEmpty() || models.contains(model);
    }
}
