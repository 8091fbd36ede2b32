package io.costoptimal.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The client's end of a connection over TLS, which tells whether close_notify was said: the JDK's own socket does not. Read and
 * written by one thread at a time.
 */
public final class TlsSocket extends Socket {

    private static final int ROOM = 64 * 1024;

    private final Socket transport;
    private final SSLEngine engine;
    /** As they came; ready to be read from. */
    private ByteBuffer records = ByteBuffer.allocate(ROOM).flip();
    /** Decrypted and not read; ready to be read from. */
    private ByteBuffer plain = ByteBuffer.allocate(ROOM).flip();

    private boolean saidClose;

    /**
     * What a client offers.
     *
     * @param context whose sessions resume, if they do; made by {@link #trusting}
     * @param name asked for by SNI; {@code null} for none
     * @param versions such as {@code TLSv1.3}; empty for the JDK's own
     * @param protocols by ALPN; empty for none
     * @param port under which sessions are remembered; 0 for the one that is connected to
     */
    public record Offer(SSLContext context, String name, List<String> versions, List<String> protocols, int port) {

        /** HTTP/1.1 or whatever else is spoken without ALPN. */
        public Offer(SSLContext context, String name) {
            this(context, name, List.of(), List.of(), 0);
        }

        /** The same for one version. */
        public Offer version(String version) {
            return new Offer(context, name, List.of(version), protocols, port);
        }

        /** The same with ALPN. */
        public Offer alpn(String... names) {
            return new Offer(context, name, versions, List.of(names), port);
        }

        /** The same that remembers sessions as if they were of {@code other}. */
        public Offer remembered(int other) {
            return new Offer(context, name, versions, protocols, other);
        }
    }

    /**
     * Begins the handshake over {@code transport}, which is connected, and waits for its end.
     *
     * @throws IOException when the handshake fails
     */
    public TlsSocket(Socket transport, Offer offer) throws IOException {
        this.transport = transport;
        // Sessions are kept by this name and port.
        engine = offer.context()
                .createSSLEngine(
                        offer.name() == null ? "none" : offer.name(),
                        offer.port() == 0 ? transport.getPort() : offer.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(offer.name() == null ? List.of() : List.of(new SNIHostName(offer.name())));
        parameters.setApplicationProtocols(offer.protocols().toArray(String[]::new));
        engine.setSSLParameters(parameters);
        if (!offer.versions().isEmpty()) {
            engine.setEnabledProtocols(offer.versions().toArray(String[]::new));
        }
        engine.beginHandshake();
        handshake();
    }

    /**
     * A context that trusts {@code authority} for servers.
     *
     * @param keys by which the client proves itself; empty for none
     */
    public static SSLContext trusting(X509Certificate authority, KeyManager... keys) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            TrustManager[] managers = trust.getTrustManagers();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, managers, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What was settled on. */
    public SSLSession session() {
        return engine.getSession();
    }

    /** By ALPN; empty for nothing. */
    public String protocol() {
        return engine.getApplicationProtocol();
    }

    /** Whether the other side has said that it is over. */
    public boolean saidClose() {
        return saidClose;
    }

    private void handshake() throws IOException {
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
                case NEED_UNWRAP -> {
                    if (!unwrap()) {
                        throw new SocketException("closed in the handshake");
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void wrap(ByteBuffer bytes) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(bytes, out);
        transport.getOutputStream().write(out.array(), 0, out.position());
        if (result.getStatus() == Status.CLOSED && bytes.hasRemaining()) {
            throw new SocketException("closed");
        }
    }

    /** Decrypts one more record, and reads more if it has to; false at the end. */
    private boolean unwrap() throws IOException {
        while (true) {
            plain.compact();
            SSLEngineResult result = engine.unwrap(records, plain);
            plain.flip();
            if (result.getStatus() == Status.CLOSED) {
                saidClose = true;
                return false;
            }
            if (result.getStatus() == Status.OK) {
                return true;
            }
            records.compact();
            int n = transport.getInputStream().read(records.array(), records.position(), records.remaining());
            records.position(records.position() + Math.max(0, n)).flip();
            if (n < 0) {
                return false;
            }
        }
    }

    private int read(byte[] into, int at, int length) throws IOException {
        while (!plain.hasRemaining()) {
            if (saidClose || !unwrap()) {
                return -1;
            }
            handshake();
        }
        int n = Math.min(length, plain.remaining());
        plain.get(into, at, n);
        return n;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int at, int length) throws IOException {
                return TlsSocket.this.read(into, at, length);
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int at, int length) throws IOException {
                ByteBuffer rest = ByteBuffer.wrap(bytes, at, length);
                while (rest.hasRemaining()) {
                    wrap(rest);
                }
            }
        };
    }

    /** The connection below TLS, for what goes wrong with it. */
    public Socket transport() {
        return transport;
    }

    /** Says close_notify, and goes on reading. */
    @Override
    public void shutdownOutput() throws IOException {
        engine.closeOutbound();
        wrap(ByteBuffer.allocate(0));
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        transport.setTcpNoDelay(on);
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        transport.setSoTimeout(millis);
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        transport.setSoLinger(on, seconds);
    }

    @Override
    public boolean isClosed() {
        return transport.isClosed();
    }

    /** Ends the connection without a word. */
    @Override
    public void close() throws IOException {
        transport.close();
    }
}
