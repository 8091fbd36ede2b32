package io.costoptimal.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;

/**
 * TLS of one listener, by BoringSSL where that is available and else by the JDK. What it speaks with may be replaced while it
 * runs: connections stay as they are, and new ones get what is new. Any thread.
 *
 * <p>A session resumes only at the same listener, under the same name, and with the {@code client_ca} it began with; tickets are
 * good for an hour at least and two at most. {@link #close} frees memory outside the heap: call it after the gateway's.
 */
public final class ServerTls implements AutoCloseable {

    private final String listener;
    private final boolean http2;
    private final SslProvider provider;
    private final TicketSecrets secrets;
    private final Map<HandshakeFailure, LongAdder> failures = new EnumMap<>(HandshakeFailure.class);
    private final Map<String, LongAdder> handshakes = new ConcurrentHashMap<>();

    private volatile Contexts contexts;

    /**
     * What became of connections since the start.
     *
     * @param handshakes that succeeded, by the version of TLS
     * @param failures the others
     */
    public record Counts(Map<String, Long> handshakes, Map<HandshakeFailure, Long> failures) {}

    /**
     * @param listener tells it from the other listeners: the same text in every process that shares a
     *     {@link TlsSettings#ticketSecret}
     * @param http2 whether clients are offered HTTP/2
     * @throws SSLException when a certificate, a key or an authority cannot be used; nothing is left to be closed then
     */
    public ServerTls(String listener, TlsSettings settings, boolean http2) throws SSLException {
        this(listener, settings, http2, standardProvider(), new TicketSecrets(System::currentTimeMillis));
    }

    ServerTls(String listener, TlsSettings settings, boolean http2, SslProvider provider, TicketSecrets secrets)
            throws SSLException {
        this.listener = listener;
        this.http2 = http2;
        this.provider = provider;
        this.secrets = secrets;
        for (HandshakeFailure failure : HandshakeFailure.values()) {
            failures.put(failure, new LongAdder());
        }
        contexts = contexts(settings);
    }

    private static SslProvider standardProvider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    /** What speaks TLS in this process: {@code BoringSSL}, or {@code JDK} where that cannot be loaded. */
    public static String implementation() {
        return OpenSsl.isAvailable() ? OpenSsl.versionString() : "JDK";
    }

    private Contexts contexts(TlsSettings settings) throws SSLException {
        return new Contexts(
                listener,
                settings,
                new ContextFactory(provider, http2, settings.clients()),
                secrets.sharing(settings.ticketSecret()));
    }

    /**
     * Takes over {@code next} for new connections. With another {@link TlsSettings#ticketSecret}, sessions that were begun
     * before resume no more.
     *
     * @throws SSLException when something of it cannot be used; what was in force stays so
     */
    public synchronized void reload(TlsSettings next) throws SSLException {
        Contexts before = contexts;
        Contexts after = contexts(next);
        contexts = after;
        before.close();
    }

    /** What new connections get. */
    public TlsSettings settings() {
        return contexts.settings();
    }

    /** What became of connections until now. */
    public Counts counts() {
        Map<String, Long> done = new java.util.TreeMap<>();
        handshakes.forEach((version, count) -> done.put(version, count.sum()));
        Map<HandshakeFailure, Long> failed = new EnumMap<>(HandshakeFailure.class);
        failures.forEach((failure, count) -> failed.put(failure, count.sum()));
        return new Counts(done, failed);
    }

    /**
     * What speaks TLS on one connection, by the certificate for {@code name}.
     *
     * @param name asked for, in lower case; {@code null} when none is
     */
    SslHandler handler(String name, ByteBufAllocator alloc) throws SSLException {
        while (true) {
            Contexts now = contexts;
            SslContext context = now.retained(name);
            if (context == null) {
                if (now == contexts) {
                    throw new SSLException("closed");
                }
                continue;
            }
            try {
                SslHandler handler = context.newHandler(alloc);
                handler.setHandshakeTimeoutMillis(0); // whoever adds it has a deadline for all of the start
                return handler;
            } finally {
                ReferenceCountUtil.release(context);
            }
        }
    }

    void succeeded(String version) {
        handshakes.computeIfAbsent(version, v -> new LongAdder()).increment();
    }

    void failed(HandshakeFailure failure) {
        failures.get(failure).increment();
    }

    /** No more connections; those that there are stay. */
    @Override
    public synchronized void close() {
        contexts.close();
    }
}
