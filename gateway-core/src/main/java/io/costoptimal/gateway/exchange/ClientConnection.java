package io.costoptimal.gateway.exchange;

/**
 * What is spoken on a client's connection. Immutable; made once for a connection over TLS, and shared by all others.
 *
 * @param protocol of all its requests
 * @param tls the version of TLS, such as {@code TLSv1.3}; {@code null} without TLS
 * @param serverName the name that the client asked for by SNI, in lower case; {@code null} when it asked for none. It is the
 *     client's word: no certificate need have it
 * @param certificate by which the client has proved itself; {@code null} when it has not
 */
public record ClientConnection(Protocol protocol, String tls, String serverName, ClientCertificate certificate) {

    /** What HTTP is spoken. */
    public enum Protocol {
        /** HTTP/1.1, and HTTP/1.0 of clients that speak nothing else. */
        HTTP_1("http/1.1"),
        HTTP_2("h2");

        private final String text;

        Protocol(String text) {
            this.text = text;
        }

        /** By its name in ALPN. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** HTTP/1 without TLS. */
    public static final ClientConnection HTTP_1 = new ClientConnection(Protocol.HTTP_1, null, null, null);

    /** HTTP/2 without TLS. */
    public static final ClientConnection HTTP_2 = new ClientConnection(Protocol.HTTP_2, null, null, null);
}
