package io.costoptimal.gateway.server.simulator.objects;

/** Paths that belong together. Immutable: what is kept is in the {@link Account} of the call. */
interface Family {

    /** Adds its rows to {@code rows}. */
    void addTo(Rows rows);
}
