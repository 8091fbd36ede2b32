package io.costoptimal.gateway.exchange;

/**
 * One provider to try, and what it is asked.
 *
 * @param provider where
 * @param model the provider's own name for the model; {@code null} when it is called what {@link Decision#model} says
 * @param operation what the provider is asked for; {@code null} when it is what the client asked for
 */
public record Candidate(Provider provider, String model, Operation operation) {

    public Candidate {
        if (operation != null && !operation.proxied()) {
            throw new IllegalArgumentException("operation: " + operation + " (expected: one that providers answer)");
        }
    }

    /** A candidate that is asked for what the client asked for. */
    public Candidate(Provider provider, String model) {
        this(provider, model, null);
    }
}
