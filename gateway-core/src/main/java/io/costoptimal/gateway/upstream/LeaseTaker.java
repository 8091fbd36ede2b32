package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.UpstreamFailure;

/** Who asked for a connection. Called on the event loop of the pool. */
public interface LeaseTaker {

    /** Takes {@code connection}, ready to be written to; to be given back with {@link UpstreamConnection#release}. */
    void leased(UpstreamConnection connection);

    /** There is none. */
    void refused(UpstreamFailure failure);
}
