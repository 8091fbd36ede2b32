package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.http.FieldNames;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a provider's request heads that do not depend on the request, as bytes. Immutable; made once per provider
 * and event loop.
 */
final class ProviderHead {

    /** Far more providers than one configuration has; only reloads get here, and then starting over is cheap. */
    private static final int CACHED = 1024;

    private static final FastThreadLocal<Map<Provider, ProviderHead>> CACHE = new FastThreadLocal<>() {
        @Override
        protected Map<Provider, ProviderHead> initialValue() {
            return new IdentityHashMap<>();
        }
    };

    private static final Endpoint[] ENDPOINTS = Endpoint.values();

    private final byte[][] before = new byte[ENDPOINTS.length][];
    private final byte[][] after = new byte[ENDPOINTS.length][];

    /** From the end of the request target to where the content length goes. */
    final byte[] fixed;

    /** The configured names, which a client's field must not add to. */
    final FieldNames configured;

    /** Whether the client's own credential goes to this provider. */
    final boolean clientsOwn;

    /** Which of a client's fields pass. */
    final ClientFields clientFields;

    /** The configured {@code api-version}; {@code null} when the client's stands. */
    final String apiVersion;

    private ProviderHead(Provider provider) {
        List<String> problems = ProviderCheck.problems(provider);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("provider " + provider.id() + ": " + String.join("; ", problems));
        }
        for (Endpoint endpoint : ENDPOINTS) {
            if (endpoint.handling() == Endpoint.Handling.PROXIED) {
                ProviderPath path = ProviderPath.of(provider, endpoint);
                before[endpoint.ordinal()] = bytes(endpoint.method() + ' ' + path.before());
                after[endpoint.ordinal()] = path.byDeployment() ? bytes(path.after()) : null;
            }
        }
        configured = FieldNames.of(provider.access().headers().keySet());
        clientsOwn = provider.access().clientsOwn();
        clientFields = new ClientFields(provider.access().forward());
        apiVersion = provider.kind() == Provider.Kind.AZURE ? provider.access().apiVersion() : null;
        fixed = bytes(" HTTP/1.1\r\n" + fields(provider) + "Content-Length: ");
    }

    /** The head parts of {@code provider}; made on first use by the calling thread. */
    static ProviderHead of(Provider provider) {
        Map<Provider, ProviderHead> cache = CACHE.get();
        ProviderHead head = cache.get(provider);
        if (head == null) {
            head = new ProviderHead(provider);
            if (cache.size() >= CACHED) {
                cache.clear();
            }
            cache.put(provider, head);
        }
        return head;
    }

    /** Method and target up to the deployment, or all of the target but the query. */
    byte[] before(Endpoint endpoint) {
        return before[endpoint.ordinal()];
    }

    /** What follows the deployment; {@code null} when the path names none. */
    byte[] after(Endpoint endpoint) {
        return after[endpoint.ordinal()];
    }

    private String fields(Provider provider) {
        StringBuilder out = new StringBuilder();
        if (!configured.contains("host")) {
            out.append("Host: ").append(provider.location().authority()).append("\r\n");
        }
        ProviderCredential credential = ProviderCredential.of(provider);
        if (credential != null && !configured.contains(credential.field())) {
            out.append(credential.field())
                    .append(": ")
                    .append(credential.value())
                    .append("\r\n");
        }
        provider.access()
                .headers()
                .forEach((name, value) ->
                        out.append(name).append(": ").append(value).append("\r\n"));
        return out.toString();
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
