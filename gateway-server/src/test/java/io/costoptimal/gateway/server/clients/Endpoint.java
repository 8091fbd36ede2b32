package io.costoptimal.gateway.server.clients;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/**
 * Where a client is sent, and by what wire.
 *
 * @param wire how
 * @param port on this machine, which calls itself {@code localhost}
 * @param key that the gateway knows
 * @param trust for TLS
 */
record Endpoint(Wire wire, int port, String key, Trust trust) {

    /**
     * What a client has to believe in.
     *
     * @param file the authority, in PEM
     * @param context the same for clients of Java
     * @param manager the same once more, for those that ask for it beside the context
     */
    record Trust(Path file, SSLContext context, X509TrustManager manager) {}

    String url(String path) {
        return (wire.tls() ? "https" : "http") + "://localhost:" + port + path;
    }
}
