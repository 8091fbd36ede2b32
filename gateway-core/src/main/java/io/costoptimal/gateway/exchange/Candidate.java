package io.costoptimal.gateway.exchange;

/**
 * One provider to try, and what the model is called there.
 *
 * @param provider where
 * @param model the provider's own name for it; {@code null} when it is called what {@link Decision#model} says
 */
public record Candidate(Provider provider, String model) {}
