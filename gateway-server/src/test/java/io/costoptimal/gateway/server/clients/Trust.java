package io.costoptimal.gateway.server.clients;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/**
 * What a client has to believe in.
 *
 * @param file the authority, in PEM
 * @param context the same for clients of Java
 * @param manager the same once more, for those that ask for it beside the context
 */
public record Trust(Path file, SSLContext context, X509TrustManager manager) {}
