package io.costoptimal.gateway.accept;

/**
 * User event, fired through a client's pipeline: the running exchange is its last. An idle connection closes at once, a
 * busy one after its answer, whose head says {@code connection: close} unless it was written already.
 */
public enum Drain {
    INSTANCE
}
