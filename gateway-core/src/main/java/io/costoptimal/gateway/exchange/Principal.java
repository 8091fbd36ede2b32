package io.costoptimal.gateway.exchange;

import java.util.Objects;

/**
 * Who a gateway key belongs to. The key itself is not here, and never in a log.
 *
 * @param name the key's name in the configuration
 * @param role what it may do beyond sending requests
 * @param models what it may ask for
 * @param identity what its objects are kept under: the same after a restart, and whatever place the key has in a list
 */
public record Principal(String name, Role role, ModelScope models, String identity) {

    /** What a key is for. */
    public enum Role {
        CLIENT,
        ADMIN
    }

    public Principal {
        Objects.requireNonNull(models, "models");
        Objects.requireNonNull(identity, "identity");
    }

    /** One whose objects are kept under its name. */
    public Principal(String name, Role role, ModelScope models) {
        this(name, role, models, name);
    }

    /** One that may ask for every model. */
    public Principal(String name, Role role) {
        this(name, role, ModelScope.ALL);
    }

    /** The same, whose objects are kept under {@code other}. */
    public Principal identifiedBy(String other) {
        return new Principal(name, role, models, other);
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

    /** Never prints the identity, which may be made of the key. */
    @Override
    public String toString() {
        return "Principal[" + name + ", " + role + "]";
    }
}
