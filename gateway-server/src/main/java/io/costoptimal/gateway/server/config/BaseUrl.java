package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Location.Join;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.upstream.ProviderCheck;
import java.net.URI;
import java.util.Optional;

/**
 * What {@code base_url} says. Immutable.
 *
 * @param url without a query
 * @param apiVersion what the query of an Azure URL says, as the portal shows such URLs; {@code null} without one
 */
record BaseUrl(URI url, String apiVersion) {

    private static final String API_VERSION = "?api-version=";

    /** Reads an address; one with a user in it is not shown, because a password is likely there too. */
    static Optional<BaseUrl> read(Value value, ProviderKind kind) {
        boolean user = value.text().filter(text -> text.contains("@")).isPresent();
        return (user ? value.asSecret() : value).as(text -> parse(text, kind));
    }

    private static BaseUrl parse(String text, ProviderKind kind) {
        int query = kind.versioned() ? text.indexOf(API_VERSION) : -1;
        if (query < 0) {
            return new BaseUrl(ProviderCheck.base(text), null);
        }
        String version = ProviderCheck.apiVersion(text.substring(query + API_VERSION.length()));
        return new BaseUrl(ProviderCheck.base(text.substring(0, query)), version);
    }

    /** Warns at {@code value} when an operation of this kind of provider is no longer where the former version found it. */
    static void warnIfMoved(Value value, Provider provider) {
        Location location = provider.location();
        Provider formerly = provider.at(new Location(location.base(), Join.V1, location.proxy()));
        boolean openAi = provider.kind().families().contains(ApiFamily.OPENAI);
        for (Operation operation : StandardOperations.ALL.byModel()) {
            boolean versioned =
                    operation.behindVersion().length() < operation.path().length();
            if (!versioned || operation.family() != (openAi ? ApiFamily.OPENAI : ApiFamily.ANTHROPIC)) {
                continue;
            }
            String now = ProviderPath.url(provider, operation);
            String former = ProviderPath.url(formerly, operation);
            if (!now.equals(former)) {
                value.warn("base_url: " + operation.path() + " goes to " + now + ", and went to " + former
                        + " before (join: v1 keeps that; join: sdk ends this warning)");
                return;
            }
        }
    }
}
