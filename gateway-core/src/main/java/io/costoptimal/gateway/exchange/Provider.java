package io.costoptimal.gateway.exchange;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * One upstream service, as configured. Two providers that are equal share connections.
 *
 * @param id the configured name
 * @param kind which dialect of credentials and paths it has
 * @param location where it is and how it is reached
 * @param access what it takes to be let in
 * @param firstByteTimeout from the last request byte written to the first response byte
 */
public record Provider(String id, Kind kind, Location location, Access access, Duration firstByteTimeout) {

    /** A provider reached directly, with a base that is joined as SDKs do; see {@link Location#base}. */
    public Provider(String id, Kind kind, URI base, Access access, Duration firstByteTimeout) {
        this(id, kind, Location.of(base), access, firstByteTimeout);
    }

    private static final String DEPLOYMENTS = "/openai/deployments/";

    /** The dialects. */
    public enum Kind {
        /** {@code Authorization: Bearer}. */
        OPENAI,
        /** {@code x-api-key}. */
        ANTHROPIC,
        /** {@code api-key}; the deployment is in the path unless the base ends in {@code /openai/v1}. */
        AZURE
    }

    /**
     * Credential and headers.
     *
     * @param token the provider's key; {@code null} when it needs none
     * @param apiVersion Azure's {@code api-version} query value; {@code null} elsewhere
     * @param headers set on every request, winning over the client's and over the credential header; insertion order kept
     * @param clientsOwn whether clients bring a credential of their own for this provider; there is no token then
     * @param forward names of client fields that go to this provider though they are held back from others; a {@code *} at
     *     the end stands for any rest
     */
    public record Access(
            String token, String apiVersion, Map<String, String> headers, boolean clientsOwn, Set<String> forward) {

        public Access {
            if (clientsOwn && token != null) {
                throw new IllegalArgumentException("access: a token beside the client's own credential");
            }
        }

        /** Access for a provider that gets no more of a client's fields than any other. */
        public Access(String token, String apiVersion, Map<String, String> headers, boolean clientsOwn) {
            this(token, apiVersion, headers, clientsOwn, Set.of());
        }

        /** Access by a credential of ours, or by none. */
        public Access(String token, String apiVersion, Map<String, String> headers) {
            this(token, apiVersion, headers, false);
        }

        /** Never prints a secret. */
        @Override
        public String toString() {
            return "Access[" + (token == null ? "no token" : "token") + ", headers " + headers.keySet() + "]";
        }
    }

    /**
     * The deployment that an Azure base names; {@code null} when it names none. Every model is called so there.
     */
    public String deployment() {
        String path = kind == Kind.AZURE && base().getPath() != null ? base().getPath() : "";
        int at = path.lastIndexOf(DEPLOYMENTS);
        if (at < 0) {
            return null;
        }
        String name = path.substring(at + DEPLOYMENTS.length());
        int slash = name.indexOf('/');
        name = slash < 0 ? name : name.substring(0, slash);
        return name.isEmpty() ? null : name;
    }

    /** The configured base; see {@link Location#base}. */
    public URI base() {
        return location.base();
    }

    /** The same provider with another location. */
    public Provider at(Location other) {
        return new Provider(id, kind, other, access, firstByteTimeout);
    }
}
