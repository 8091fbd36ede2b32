package io.costoptimal.gateway.exchange;

/**
 * One request to one provider, and what became of it. Immutable.
 *
 * @param candidate who was asked
 * @param failure why it failed; {@code null} when it did not, and when the client left before its end
 * @param status of the answer's head; 0 when none came
 * @param accounted what it used; never {@code null}
 * @param timing how long it took
 */
public record Attempt(Candidate candidate, UpstreamFailure failure, int status, Accounted accounted, Timing timing) {

    /** Tokens that it used; {@code null} when nothing is known. */
    public Usage usage() {
        return accounted.usage();
    }

    /**
     * The clock of one attempt, in nanoseconds. Waiting for a connection is part of it.
     *
     * @param started from the start of the exchange to the start of this attempt
     * @param firstByte from the start of this attempt to its answer's head; -1 when none came
     * @param total from the start of this attempt to its end; -1 while it runs
     */
    public record Timing(long started, long firstByte, long total) {}
}
