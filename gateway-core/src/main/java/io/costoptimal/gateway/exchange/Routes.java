package io.costoptimal.gateway.exchange;

/** The routing table of one configuration. Immutable, any thread. */
public interface Routes {

    /** The model that {@code asked} stands for: itself unless it is an alias. */
    String resolve(String asked);

    /**
     * Decides where a request goes.
     *
     * @return {@code null} when a rule can only be decided by counting and {@code tokens} has bounds only; then ask again
     *     with a source that counts, off the event loop
     */
    Decision decide(RoutingFacts facts, TokenSource tokens);

    /** Whether any rule mentions the token count, so that a tokenizer may be needed. */
    boolean usesTokens();
}
