package io.costoptimal.gateway.exchange;

import java.util.function.UnaryOperator;

/**
 * Everything rules can see but the token count. A router needs nothing else, so it can be used without a network.
 *
 * @param model the model as the client named it; {@code null} when the request names none, and then no rule is asked
 * @param path the canonical path, {@link Operation#path()}
 * @param stream whether the client asked for a stream
 * @param maxTokens the output budget, or -1
 * @param caller who asks
 */
public record RoutingFacts(String model, String path, boolean stream, long maxTokens, Caller caller) {

    /**
     * Who asks, as far as rules may know.
     *
     * @param key the name of the client's key
     * @param headers a request header's value by lower-case name, {@code null} when absent; never a credential
     */
    public record Caller(String key, UnaryOperator<String> headers) {}
}
