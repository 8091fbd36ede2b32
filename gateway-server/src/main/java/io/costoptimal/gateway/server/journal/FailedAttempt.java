package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;

/**
 * One attempt that failed.
 *
 * @param provider who was asked
 * @param failure why it failed
 * @param status of the answer's head; 0 when none came
 * @param usage tokens that it used; {@code null} when nothing is known
 * @param timing how long it took
 */
public record FailedAttempt(Name provider, UpstreamFailure failure, int status, Usage usage, Timing timing) {

    /**
     * In nanoseconds from the start of the attempt.
     *
     * @param firstByte to its answer's head; -1 when none came
     * @param total to its end
     */
    public record Timing(long firstByte, long total) {}
}
