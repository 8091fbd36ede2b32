package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Principal;

/**
 * A key that clients may come in with, as configured.
 *
 * @param secret the key, or {@code sha256:} and its digest in lower-case hexadecimal
 * @param owner who presents it
 */
public record ApiKey(String secret, Principal owner) {

    /** Never prints the secret. */
    @Override
    public String toString() {
        return "ApiKey[" + owner.name() + "]";
    }
}
