package io.costoptimal.gateway.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What one listener speaks TLS with. Immutable.
 *
 * @param certificates the first is for clients that ask for no name, or for one that no certificate has; at least one
 * @param clients who may prove themselves by a certificate, and whether they must
 * @param ticketSecret of at least 32 bytes, from which the keys of session tickets are derived, so that every process with the
 *     same secret resumes what any of them began; {@code null} for a secret of this process
 */
public record TlsSettings(List<ServerCertificate> certificates, Clients clients, byte[] ticketSecret) {

    public TlsSettings {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("certificates: none (expected: at least one)");
        }
    }

    /** One that asks no client for a certificate. */
    public TlsSettings(List<ServerCertificate> certificates) {
        this(certificates, Clients.UNASKED, null);
    }

    /** Whether clients prove themselves by a certificate. */
    public enum ClientAuth {
        /** None is asked for. */
        NONE,
        /** A client may come without one; one that it shows must be good. */
        OPTIONAL,
        /** Whoever has none is not let in. */
        REQUIRED
    }

    /**
     * Clients that prove themselves by a certificate.
     *
     * @param auth whether they must
     * @param authorities who signs such certificates; empty when none is asked for
     */
    public record Clients(ClientAuth auth, List<X509Certificate> authorities) {

        /** No client is asked for a certificate. */
        public static final Clients UNASKED = new Clients(ClientAuth.NONE, List.of());

        public Clients {
            authorities = List.copyOf(authorities);
            if (authorities.isEmpty() != (auth == ClientAuth.NONE)) {
                throw new IllegalArgumentException("client_auth without client_ca, or the reverse");
            }
        }
    }

    /** Never prints a secret. */
    @Override
    public String toString() {
        return "TlsSettings[certificates=" + certificates + ", clients=" + clients.auth() + "]";
    }
}
