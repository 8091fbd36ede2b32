package io.costoptimal.gateway.server.clients;

/**
 * Where a client is sent, and by what wire.
 *
 * @param wire how
 * @param port on this machine, which calls itself {@code localhost}
 * @param key that the gateway knows
 * @param trust for TLS
 */
record Endpoint(Wire wire, int port, String key, Trust trust) {

    String url(String path) {
        return (wire.tls() ? "https" : "http") + "://localhost:" + port + path;
    }
}
