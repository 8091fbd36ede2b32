package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.ExchangeHooks;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.ProviderFields;
import java.util.Objects;

/**
 * What an embedder adds to the engine.
 *
 * @param listener hears of each exchange at its end
 * @param local answers model lists and health checks
 * @param hooks hear of each exchange while it runs
 * @param fields what is added to the heads of requests to providers
 */
public record Services(GatewayListener listener, LocalService local, ExchangeHooks hooks, ProviderFields fields) {

    /** Nobody looks while exchanges run, and nothing is added to them. */
    public Services(GatewayListener listener, LocalService local) {
        this(listener, local, ExchangeHooks.NONE, ProviderFields.NONE);
    }

    public Services {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(hooks, "hooks");
        Objects.requireNonNull(fields, "fields");
    }

    /** The same with others that hear of each exchange while it runs. */
    public Services withHooks(ExchangeHooks others) {
        return new Services(listener, local, others, fields);
    }

    /** The same with other fields for providers. */
    public Services withFields(ProviderFields others) {
        return new Services(listener, local, hooks, others);
    }

    /** Whether anything is to be made for each exchange. */
    boolean look() {
        return hooks != ExchangeHooks.NONE || fields != ProviderFields.NONE;
    }
}
