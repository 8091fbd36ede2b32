package io.costoptimal.gateway.tls;

import io.costoptimal.gateway.exchange.ClientCertificate;

/**
 * What a handshake has settled. Immutable.
 *
 * @param serverName the name that the client asked for, in lower case; {@code null} when it asked for none
 * @param certificate by which the client has proved itself; {@code null} when it showed none
 * @param protocol settled on by ALPN, such as {@code h2}; {@code null} when none was
 * @param version of TLS, such as {@code TLSv1.3}
 */
public record Secured(String serverName, ClientCertificate certificate, String protocol, String version) {}
