package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.ProviderPath;
import java.util.Set;
import java.util.function.Function;

/**
 * A kind of provider that has every operation at a base of its own. Immutable.
 *
 * @param scheme stands before the token in {@code credentialField}, with a blank; may be empty
 * @param base completes a configured base
 */
record PublicApi(
        String word, Set<ApiFamily> families, String credentialField, String scheme, Function<BasePath, String> base)
        implements ProviderKind {

    @Override
    public String credentialValue(String token) {
        return scheme + token;
    }

    @Override
    public ProviderPath path(Provider provider, Operation operation) {
        if (provider.location().join() == Location.Join.V1) {
            return FormerPath.canonical(provider.base(), operation);
        }
        BasePath configured = BasePath.of(provider.base());
        String behind = operation.behindVersion();
        boolean versioned = behind.length() < operation.path().length();
        return new ProviderPath((versioned ? base.apply(configured) : configured.unversioned()) + behind, null);
    }

    @Override
    public String toString() {
        return word;
    }
}
