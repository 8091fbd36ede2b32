package io.costoptimal.gateway.tls;

import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/**
 * The contexts of one listener as its files were read: who asks for a name gets the certificate that has it, written out or by a
 * wildcard, and else the first. Any thread.
 */
final class Contexts {

    /** Names under a wildcard that have sessions of their own; of a client that asks for one more, none resumes. */
    private static final int MOST_NAMES = 128;

    /** What a client is that asks for no name, which is no name of a host. */
    private static final String UNNAMED = "";

    private final String listener;
    private final TlsSettings settings;
    private final ContextFactory factory;
    private final TicketSecrets secrets;

    private final Map<String, ServerCertificate> certificates = new HashMap<>();
    private final Map<String, NamedContext> named = new ConcurrentHashMap<>();
    private final Map<ServerCertificate, NamedContext> unresumed = new HashMap<>();
    private int underWildcards;
    private boolean closed;

    /**
     * @param listener tells it from the others of this gateway, the same in every process
     * @throws SSLException when a certificate, a key or an authority cannot be used
     */
    Contexts(String listener, TlsSettings settings, ContextFactory factory, TicketSecrets secrets) throws SSLException {
        this.listener = listener;
        this.settings = settings;
        this.factory = factory;
        this.secrets = secrets;
        try {
            for (ServerCertificate certificate : settings.certificates()) {
                unresumed.put(certificate, new NamedContext(factory.context(certificate), secrets, null));
                for (String name : certificate.names()) {
                    certificates.putIfAbsent(name, certificate);
                }
            }
            named.put(UNNAMED, context(UNNAMED, settings.certificates().get(0)));
            for (Map.Entry<String, ServerCertificate> entry : certificates.entrySet()) {
                if (!entry.getKey().startsWith("*.")) {
                    named.put(entry.getKey(), context(entry.getKey(), entry.getValue()));
                }
            }
        } catch (SSLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    TlsSettings settings() {
        return settings;
    }

    /**
     * The context for a client, with a reference that the caller releases.
     *
     * @param name asked for, in lower case; {@code null} when none is
     * @return {@code null} when these contexts were closed meanwhile
     */
    SslContext retained(String name) throws SSLException {
        NamedContext known = named.get(name == null ? UNNAMED : name);
        return (known != null ? known : underWildcard(name)).retained();
    }

    private NamedContext underWildcard(String name) throws SSLException {
        int dot = name.indexOf('.');
        ServerCertificate certificate = dot > 0 ? certificates.get("*" + name.substring(dot)) : null;
        if (certificate == null) {
            return unresumed.get(settings.certificates().get(0));
        }
        synchronized (this) {
            NamedContext made = named.get(name);
            if (made == null && underWildcards < MOST_NAMES && !closed) {
                made = context(name, certificate);
                named.put(name, made);
                underWildcards++;
            }
            return made != null ? made : unresumed.get(certificate);
        }
    }

    private NamedContext context(String name, ServerCertificate certificate) throws SSLException {
        return new NamedContext(factory.context(certificate), secrets, label(name));
    }

    /** What the sessions of {@code name} are told by from all others. */
    private byte[] label(String name) throws SSLException {
        try {
            ByteArrayOutputStream parts = new ByteArrayOutputStream();
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : List.of(listener, name, settings.clients().auth().name())) {
                parts.writeBytes(sha256.digest(part.getBytes(StandardCharsets.UTF_8)));
            }
            for (X509Certificate authority : settings.clients().authorities()) {
                parts.writeBytes(sha256.digest(authority.getEncoded()));
            }
            return sha256.digest(parts.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }

    /** No more connections; those that there are stay. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            List<NamedContext> all = new ArrayList<>(named.values());
            all.addAll(unresumed.values());
            all.forEach(NamedContext::close);
        }
    }
}
