package io.costoptimal.gateway.exchange;

import java.net.URI;
import java.util.Set;

/**
 * How providers of one kind take their credential, and where they have each operation. Immutable, any thread.
 *
 * <p>A kind is one object, or has an {@code equals} of its own: by it whoever loads a configuration anew tells providers that
 * changed from those that did not.
 *
 * <p>Nothing in it is asked per request: heads are prepared once per provider and event loop.
 */
public interface ProviderKind {

    /** What configurations call it, in lower case. */
    String word();

    /** The APIs that its providers have, at least one. */
    Set<ApiFamily> families();

    /** The header field that lets the gateway in. */
    String credentialField();

    /** The value of that field for the configured {@code token}. */
    default String credentialValue(String token) {
        return token;
    }

    /**
     * Where {@code provider}, which is of this kind, serves {@code operation}. Whatever spelling of the path the client used,
     * the provider gets the one that it knows.
     */
    ProviderPath path(Provider provider, Operation operation);

    /** Whether its URLs have the query parameter {@code api-version}. */
    default boolean versioned() {
        return false;
    }

    /** The deployment that a configured {@code base} names, whatever the model; {@code null} when it names none. */
    default String deployment(URI base) {
        return null;
    }
}
