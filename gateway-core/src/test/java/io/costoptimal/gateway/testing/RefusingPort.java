package io.costoptimal.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A loopback port that refuses every connection for as long as this is open.
 *
 * <p>The port is bound and nobody listens on it. A port that was only free a moment ago would not do: the gateway under test may be given
 * that very port, and then talks to itself.
 */
public final class RefusingPort implements AutoCloseable {

    private final Socket bound = new Socket();

    private RefusingPort() throws IOException {
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public static RefusingPort open() throws IOException {
        return new RefusingPort();
    }

    public int port() {
        return bound.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        bound.close();
    }
}
