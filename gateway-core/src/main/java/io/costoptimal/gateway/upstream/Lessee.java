package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.UpstreamFailure;

/** Who asks a pool for a connection, and has it until it gives it back. Called on the event loop of the pool. */
public interface Lessee {

    /**
     * Takes {@code connection}, ready to be written to; to be given back with {@link UpstreamConnection#release}. Its reader
     * is to be set before this returns: a connection nobody listens to is closed by its first byte.
     */
    void leased(UpstreamConnection connection);

    /** There is none. */
    void refused(UpstreamFailure failure);
}
