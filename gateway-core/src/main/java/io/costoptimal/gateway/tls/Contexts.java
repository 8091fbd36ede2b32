package io.costoptimal.gateway.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * The contexts of one listener as its files were read: who asks for a name gets the certificate that has it, written out or by a
 * wildcard, and else the first. Any thread.
 */
final class Contexts {

    /**
     * Names whose contexts are kept, of those that stand in no certificate: a client can ask for any number of them. The one
     * that was not asked for longest goes. With BoringSSL its sessions resume all the same, since the context that is made for
     * the name next derives the same keys.
     */
    private static final int MOST_NAMES = 128;

    /** What a client is that asks for no name, which is no name of a host. */
    private static final String UNNAMED = "";

    private final String listener;
    private final TlsSettings settings;
    private final ContextFactory factory;
    private final TicketSecrets secrets;
    private final ServerCertificate first;

    private final Map<String, ServerCertificate> certificates = new HashMap<>();
    /** Of the names that certificates have, written out. Not changed once this is made. */
    private final Map<String, NamedContext> named = new HashMap<>();
    /** Of other names, in the order in which they were last asked for. Guarded by this object's monitor. */
    private final Map<String, NamedContext> recent = new LinkedHashMap<>(16, 0.75f, true);

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
        first = settings.certificates().get(0);
        try {
            for (ServerCertificate certificate : settings.certificates()) {
                // One that cannot be used is found now, whatever its names are.
                ReferenceCountUtil.release(factory.context(certificate));
                for (String name : certificate.names()) {
                    certificates.putIfAbsent(name, certificate);
                }
            }
            named.put(UNNAMED, context(UNNAMED, first));
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
        if (known != null) {
            return known.retained();
        }
        synchronized (this) {
            known = recent.get(name);
            if (known != null) {
                return known.retained();
            }
        }
        // Not under the lock: other connections do not wait for the making of a context.
        int dot = name.indexOf('.');
        ServerCertificate certificate = dot > 0 ? certificates.get("*" + name.substring(dot)) : null;
        return kept(name, context(name, certificate == null ? first : certificate));
    }

    private SslContext kept(String name, NamedContext made) {
        synchronized (this) {
            NamedContext known = closed ? null : recent.putIfAbsent(name, made);
            if (closed || known != null) {
                made.close();
                return closed ? null : known.retained();
            }
            if (recent.size() > MOST_NAMES) {
                Iterator<NamedContext> oldest = recent.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
            return made.retained();
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
            all.addAll(recent.values());
            all.forEach(NamedContext::close);
        }
    }
}
