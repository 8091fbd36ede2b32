package io.costoptimal.gateway.exchange;

import java.util.Objects;

/**
 * Who a gateway key belongs to. The key itself is not here, and never in a log.
 *
 * @param name the key's name in the configuration
 * @param role what it may do beyond sending requests
 * @param models what it may ask for
 */
public record Principal(String name, Role role, ModelScope models) {

    /** What a key is for. */
    public enum Role {
        CLIENT,
        ADMIN
    }

    public Principal {
        Objects.requireNonNull(models, "models");
    }

    /** One that may ask for every model. */
    public Principal(String name, Role role) {
        this(name, role, ModelScope.ALL);
    }

    /**
     * Whether this key may have a request for {@code asked} served: the name the client used and the one it is an alias of
     * must both be allowed, so that neither way of naming a model goes around the other.
     *
     * @param asked {@code null} for a request that names no model
     * @param routes know what {@code asked} stands for
     */
    public boolean mayUse(String asked, Routes routes) {
        return models.isAll() || models.allows(asked) && models.allows(routes.resolve(asked));
    }
}
