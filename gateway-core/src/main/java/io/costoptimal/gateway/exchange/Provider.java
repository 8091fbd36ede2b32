package io.costoptimal.gateway.exchange;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One upstream service, as configured. Two providers that are equal share connections.
 *
 * @param id the configured name
 * @param kind which dialect of credentials and paths it has
 * @param base {@code http} or {@code https}, host, optional port, optional path; no query
 * @param access what it takes to be let in
 * @param firstByteTimeout from the last request byte written to the first response byte
 */
public record Provider(String id, Kind kind, URI base, Access access, Duration firstByteTimeout) {

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

    public boolean secure() {
        return "https".equalsIgnoreCase(base.getScheme());
    }

    public int port() {
        return base.getPort() > 0 ? base.getPort() : secure() ? 443 : 80;
    }
}
