package io.costoptimal.gateway.exchange;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * One upstream service, as configured. Providers at one place share its connections, whatever else differs.
 *
 * @param id the configured name
 * @param kind which dialect of credentials and paths it has
 * @param location where it is and how it is reached
 * @param access what it takes to be let in
 * @param asking how requests are put to it
 */
public record Provider(String id, ProviderKind kind, Location location, Access access, Asking asking) {

    /** A provider that gets clients' requests as they are. */
    public Provider(String id, ProviderKind kind, Location location, Access access, Duration firstByteTimeout) {
        this(id, kind, location, access, new Asking(firstByteTimeout, false));
    }

    /** A provider reached directly, with a base that is joined as SDKs do; see {@link Location#base}. */
    public Provider(String id, ProviderKind kind, URI base, Access access, Duration firstByteTimeout) {
        this(id, kind, Location.of(base), access, firstByteTimeout);
    }

    /**
     * How requests are put to a provider.
     *
     * @param firstByteTimeout from the last request byte written to the first response byte
     * @param usage whether a stream is asked to tell its usage where the client did not say whether it wants that
     */
    public record Asking(Duration firstByteTimeout, boolean usage) {}

    /**
     * Credential and headers.
     *
     * @param credential where the provider's key comes from; {@code null} when it needs none
     * @param apiVersion Azure's {@code api-version} query value; {@code null} elsewhere
     * @param headers set on every request, winning over the client's and over the credential header; insertion order kept
     * @param clientsOwn whether clients bring a credential of their own for this provider; there is none of ours then
     * @param forward names of client fields that go to this provider though they are held back from others; a {@code *} at
     *     the end stands for any rest
     */
    public record Access(
            CredentialSource credential,
            String apiVersion,
            Map<String, String> headers,
            boolean clientsOwn,
            Set<String> forward) {

        public Access {
            if (clientsOwn && credential != null) {
                throw new IllegalArgumentException("access: a token beside the client's own credential");
            }
        }

        /** Access by a credential that never changes, or by none. */
        public Access(
                String token, String apiVersion, Map<String, String> headers, boolean clientsOwn, Set<String> forward) {
            this(token == null ? null : CredentialSource.fixed(token), apiVersion, headers, clientsOwn, forward);
        }

        /** Access by a credential that may change. */
        public static Access by(CredentialSource credential) {
            return new Access(credential, null, Map.of(), false, Set.of());
        }

        /** Access for a provider that gets no more of a client's fields than any other. */
        public Access(String token, String apiVersion, Map<String, String> headers, boolean clientsOwn) {
            this(token, apiVersion, headers, clientsOwn, Set.of());
        }

        /** Access by a credential of ours, or by none. */
        public Access(String token, String apiVersion, Map<String, String> headers) {
            this(token, apiVersion, headers, false);
        }

        /** The credential at this moment; {@code null} when there is none, or none at hand. */
        public String token() {
            return credential == null ? null : credential.now();
        }

        /** The provider has refused {@code shown}, which came from here unless it is {@code null}. */
        public void refused(String shown) {
            if (credential != null && shown != null) {
                credential.refused(shown);
            }
        }

        /** Never prints a secret. */
        @Override
        public String toString() {
            return "Access[" + (credential == null ? "no token" : "token") + ", headers " + headers.keySet() + "]";
        }
    }

    /** The deployment that the base names, whatever the model; {@code null} when it names none. */
    public String deployment() {
        return kind.deployment(base());
    }

    /** The {@code api-version} that requests get; {@code null} when the client's stands. */
    public String apiVersion() {
        return kind.versioned() ? access.apiVersion() : null;
    }

    /** From the last request byte written to the first response byte. */
    public Duration firstByteTimeout() {
        return asking.firstByteTimeout();
    }

    /** The configured base; see {@link Location#base}. */
    public URI base() {
        return location.base();
    }

    /** The same provider with another location. */
    public Provider at(Location other) {
        return new Provider(id, kind, other, access, asking);
    }
}
