package io.costoptimal.gateway.server.metrics;

/**
 * How often a provider was asked since the process started, and its name has been in the configuration. Immutable.
 *
 * @param all attempts
 * @param failures those that failed; an answer of 400 or more is a failure
 * @param abandoned those that the client left, or that a shutdown ended, before there was an answer
 */
public record Attempts(long all, long failures, long abandoned) {

    /** Nobody asked. */
    static final Attempts NONE = new Attempts(0, 0, 0);
}
