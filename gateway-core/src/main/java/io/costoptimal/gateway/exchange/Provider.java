package io.costoptimal.gateway.exchange;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

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
     */
    public record Access(String token, String apiVersion, Map<String, String> headers) {

        /** Never prints a secret. */
        @Override
        public String toString() {
            return "Access[" + (token == null ? "no token" : "token") + ", headers " + headers.keySet() + "]";
        }
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
