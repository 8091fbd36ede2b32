package io.costoptimal.gateway.testing;

import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.tls.ServerCertificate;
import io.costoptimal.gateway.tls.ServerTls;
import io.costoptimal.gateway.tls.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** A whole gateway whose one listener speaks TLS, on a free loopback port. Any thread. */
public final class TlsGateway implements AutoCloseable {

    private final TestGateway gateway;
    private final ServerTls tls;

    private TlsGateway(TestGateway gateway, ServerTls tls) {
        this.gateway = gateway;
        this.tls = tls;
    }

    /** One with {@code certificates} that sends the model {@code gpt-4o} to {@code origin}. */
    public static TlsGateway start(int origin, ServerCertificate... certificates) throws IOException {
        return start(origin, new TlsSettings(List.of(certificates)));
    }

    /** The same with settings of the test's own. */
    public static TlsGateway start(int origin, TlsSettings settings) throws IOException {
        return start(
                settings,
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin)));
    }

    /** The same with keys and limits of the test's own. */
    public static TlsGateway start(TlsSettings settings, GatewaySettings engine, Snapshot snapshot) throws IOException {
        return start(new ServerTls("test", settings, false), engine, snapshot);
    }

    /** @param tls is closed with the gateway, or when it does not start */
    public static TlsGateway start(ServerTls tls, GatewaySettings engine, Snapshot snapshot) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            TestGateway gateway = TestGateway.start(
                    List.of(Listener.at(any).over(tls)), engine, snapshot, exchange -> null, GatewayListener.NONE);
            return new TlsGateway(gateway, tls);
        } catch (IOException | RuntimeException e) {
            tls.close();
            throw e;
        }
    }

    /** Connects a client that asks for {@code name}; the handshake is done when this returns. */
    public RawClient connect(SSLContext context, String name) throws IOException {
        return connect(new TlsSocket.Offer(context, name));
    }

    /** The same with an offer of the test's own. */
    public RawClient connect(TlsSocket.Offer offer) throws IOException {
        return RawClient.connect(port(), offer);
    }

    public int port() {
        return gateway.port();
    }

    public TestGateway gateway() {
        return gateway;
    }

    public ServerTls tls() {
        return tls;
    }

    /** Replaces what new connections get. */
    public void reload(TlsSettings next) throws SSLException {
        tls.reload(next);
    }

    @Override
    public void close() {
        gateway.close();
        tls.close();
    }
}
