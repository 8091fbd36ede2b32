package io.costoptimal.gateway.exchange;

import java.util.function.UnaryOperator;

/**
 * Everything that decides where a request goes, but the token count. A router needs nothing else, so it can be used without
 * a network.
 *
 * @param model the model as the client named it; {@code null} when the request names none, and then no rule is asked
 * @param path the canonical path, {@link Operation#path()}
 * @param body what was found in the body
 * @param atMillis when the request came, in milliseconds since 1970
 * @param caller who asks
 */
public record RoutingFacts(String model, String path, RequestFacts body, long atMillis, Caller caller) {

    /**
     * Who asks, as far as rules may know, and how what it sends begins.
     *
     * @param key the name of the client's key
     * @param address the client's IP address; {@code null} when it has none
     * @param headers a request header's value by lower-case name, {@code null} when absent; never a credential
     * @param start the first bytes of the body, by which the turns of a conversation are known
     */
    public record Caller(String key, String address, UnaryOperator<String> headers, BodyStart start) {

        /** One whose address is not known, and whose body is not at hand. */
        public Caller(String key, UnaryOperator<String> headers) {
            this(key, null, headers, BodyStart.NONE);
        }
    }

    /**
     * A request that comes now, of whose body only this is known.
     *
     * @param stream whether the client asked for a stream
     * @param maxTokens the output budget, or -1
     */
    public RoutingFacts(String model, String path, boolean stream, long maxTokens, Caller caller) {
        this(
                model,
                path,
                new RequestFacts(RequestFacts.ModelField.missing(0, true), stream, maxTokens, false, 0),
                System.currentTimeMillis(),
                caller);
    }

    /** The same request for another model. */
    public RoutingFacts withModel(String other) {
        return new RoutingFacts(other, path, body, atMillis, caller);
    }

    /** The same request, for a thread that has its body in another form. */
    public RoutingFacts with(BodyStart start) {
        return new RoutingFacts(
                model, path, body, atMillis, new Caller(caller.key(), caller.address(), caller.headers(), start));
    }

    /** The same request at another time. */
    public RoutingFacts at(long millis) {
        return new RoutingFacts(model, path, body, millis, caller);
    }

    /** Whether the client asked for a stream. */
    public boolean stream() {
        return body.stream();
    }

    /** The output budget, or -1; see {@link RequestFacts#maxTokens}. */
    public long maxTokens() {
        return body.maxTokens();
    }
}
