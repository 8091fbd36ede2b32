package io.costoptimal.gateway.exchange;

/**
 * User event, fired through a client's pipeline: the running exchange has taken longer than any may. Stages let go of what
 * they hold for it, and an answer that has begun is broken off; any other exchange is ended by whoever fired this.
 */
public enum Overdue {
    INSTANCE
}
