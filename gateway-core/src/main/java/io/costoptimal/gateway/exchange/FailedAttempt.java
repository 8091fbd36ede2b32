package io.costoptimal.gateway.exchange;

/**
 * One attempt that failed.
 *
 * @param candidate who was asked
 * @param failure why it failed
 */
public record FailedAttempt(Candidate candidate, UpstreamFailure failure) {}
