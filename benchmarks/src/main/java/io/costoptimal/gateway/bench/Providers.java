package io.costoptimal.gateway.bench;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** A provider that is never really reached. */
public final class Providers {

    private static final Provider PROVIDER = new Provider(
            "provider",
            ProviderKinds.OPENAI,
            URI.create("http://provider.test/v1"),
            new Provider.Access("sk-provider", null, Map.of()),
            Duration.ofSeconds(60));

    private Providers() {}

    /** The provider. */
    public static Provider provider() {
        return PROVIDER;
    }

    /** The provider, under the model's own name. */
    public static Candidate candidate() {
        return new Candidate(PROVIDER, null);
    }
}
