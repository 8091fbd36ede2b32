package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Provider;

/**
 * What the gateway shows a provider to be let in: a header field.
 *
 * @param field its name
 * @param value a secret
 */
public record ProviderCredential(String field, String value) {

    /**
     * The credential for {@code provider}.
     *
     * @param token what its source gives; {@code null} when it needs none, or clients bring their own
     */
    public static ProviderCredential of(Provider provider, String token) {
        return token == null
                ? null
                : new ProviderCredential(
                        provider.kind().credentialField(), provider.kind().credentialValue(token));
    }

    /** Never prints a secret. */
    @Override
    public String toString() {
        return "ProviderCredential[" + field + "]";
    }
}
