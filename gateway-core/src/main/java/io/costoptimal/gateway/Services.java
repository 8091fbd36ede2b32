package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.ExchangeHooks;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.ProviderFields;
import java.util.Objects;

/**
 * What an embedder adds to the engine.
 *
 * @param listener hears of each exchange at its end
 * @param local answers model lists and health checks
 * @param hooks hear of each exchange while it runs
 * @param fields what is added to the heads of requests to providers
 * @param owners knows whose the objects are that providers keep
 */
public record Services(
        GatewayListener listener, LocalService local, ExchangeHooks hooks, ProviderFields fields, ObjectOwners owners) {

    /** Nobody looks while exchanges run, nothing is added to them, and no object belongs to anybody. */
    public Services(GatewayListener listener, LocalService local) {
        this(listener, local, ExchangeHooks.NONE, ProviderFields.NONE, ObjectOwners.NONE);
    }

    public Services {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(hooks, "hooks");
        Objects.requireNonNull(fields, "fields");
        Objects.requireNonNull(owners, "owners");
    }

    /** The same with others that hear of each exchange while it runs. */
    public Services withHooks(ExchangeHooks others) {
        return new Services(listener, local, others, fields, owners);
    }

    /** The same with other fields for providers. */
    public Services withFields(ProviderFields others) {
        return new Services(listener, local, hooks, others, owners);
    }

    /** The same with others that know whose objects are. */
    public Services withOwners(ObjectOwners others) {
        return new Services(listener, local, hooks, fields, others);
    }

    /** Whether anything is to be made for each exchange. */
    boolean look() {
        return hooks != ExchangeHooks.NONE || fields != ProviderFields.NONE;
    }
}
