package sample;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.ProviderPath;
import java.util.Set;

/** A kind of provider of somebody else's: its credential has a field of its own, and it serves everything below /v2. */
record Vendor() implements ProviderKind {

    @Override
    public String word() {
        return "vendor";
    }

    @Override
    public Set<ApiFamily> families() {
        return Set.of(ApiFamily.OPENAI);
    }

    @Override
    public String credentialField() {
        return "x-vendor-key";
    }

    @Override
    public String credentialValue(String token) {
        return "Token " + token;
    }

    @Override
    public ProviderPath path(Provider provider, Operation operation) {
        return new ProviderPath(provider.base().getRawPath() + "/v2" + operation.behindVersion(), null);
    }
}
