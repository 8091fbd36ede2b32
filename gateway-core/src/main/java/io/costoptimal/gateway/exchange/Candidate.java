package io.costoptimal.gateway.exchange;

/**
 * One provider to try, and what to call the model there.
 *
 * @param provider where
 * @param model the name to send; {@code null} leaves the client's bytes alone
 */
public record Candidate(Provider provider, String model) {}
