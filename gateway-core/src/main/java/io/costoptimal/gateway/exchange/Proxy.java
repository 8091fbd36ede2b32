package io.costoptimal.gateway.exchange;

/**
 * A forward proxy that opens tunnels by the method CONNECT (RFC 9110 section 9.3.6). It is spoken to in plain HTTP; TLS, if
 * the provider has it, runs through the tunnel from end to end.
 *
 * @param host a name or a literal address; an IPv6 address without brackets
 * @param port from 1 to 65535
 * @param user for the scheme Basic (RFC 7617); {@code null} when the proxy asks nobody
 * @param password goes with {@code user}; {@code null} without one
 */
public record Proxy(String host, int port, String user, String password) {

    /** Host and port, never user and password. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
