package io.costoptimal.gateway.server.handover;

import io.costoptimal.gateway.server.clients.Trust;
import io.netty.handler.ssl.SslContext;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLException;

/**
 * Clients of every kind at once: by HTTP/1.1 and by HTTP/2, over TLS and without, and over a Unix domain socket. One thread.
 */
final class Load implements AutoCloseable {

    /** Clients by HTTP/2 that share a connection. */
    private static final int SHARING = 10;

    private final Tally tally;
    private final Trust trust;
    private final SslContext trusting;
    private final Clients http1;
    private final Http2Clients http2;

    Load(Tally tally, Trust trust) throws SSLException {
        this.tally = tally;
        this.trust = trust;
        trusting = Http2Clients.trusting(trust.file());
        http1 = new Clients(tally);
        http2 = new Http2Clients(tally);
    }

    /** Starts {@code n} more clients, of which an eighth comes to the file. */
    void start(int n, Site site, boolean stream) {
        start(n - n / 8, () -> site.port, () -> site.tlsPort, stream);
        http1.start(n / 8, Clients.file(site.socket), stream);
    }

    /**
     * Starts {@code n} more clients, a quarter of each kind.
     *
     * @param port asked for each connection without TLS
     * @param tlsPort asked for each over TLS
     */
    void start(int n, IntSupplier port, IntSupplier tlsPort, boolean stream) {
        int quarter = n / 4;
        http1.start(n - 3 * quarter, Clients.port(port), stream);
        http1.start(quarter, Clients.tls(tlsPort, trust.context()), stream);
        for (int left = quarter; left > 0; left -= SHARING) {
            http2.start(Math.min(left, SHARING), port, null, stream);
            http2.start(Math.min(left, SHARING), tlsPort, trusting, stream);
        }
    }

    /** Lets every client have its last answer. */
    void finish() throws InterruptedException {
        tally.stop();
        http1.join();
        http2.join();
    }

    @Override
    public void close() {
        tally.stop();
        http2.close();
    }
}
