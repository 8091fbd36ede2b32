package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;

/**
 * One attempt that failed.
 *
 * @param provider who was asked
 * @param failure why it failed
 * @param answer what came back
 * @param timing how long it took
 * @param spent what it has cost; {@code null} where no reader wants money
 */
public record FailedAttempt(Name provider, UpstreamFailure failure, Answer answer, Timing timing, Spent spent) {

    /**
     * What came back.
     *
     * @param status of the answer's head; 0 when none came
     * @param usage tokens that the attempt used; {@code null} when nothing is known
     */
    public record Answer(int status, Usage usage) {}

    /**
     * In nanoseconds from the start of the attempt.
     *
     * @param firstByte to its answer's head; -1 when none came
     * @param total to its end
     */
    public record Timing(long firstByte, long total) {}

    /** Status of the answer's head; 0 when none came. */
    public int status() {
        return answer.status();
    }

    /** Tokens that it used; {@code null} when nothing is known. */
    public Usage usage() {
        return answer.usage();
    }
}
