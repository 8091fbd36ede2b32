package io.costoptimal.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that sends exactly the bytes it is told to. Used by one thread. */
public final class RawClient extends Wire {

    private RawClient(Socket socket) throws IOException {
        super(socket);
    }

    /** Connects to {@code port} of the loopback interface. */
    public static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** @param receiveBuffer SO_RCVBUF, small for a client that is to be slow; 0 for the system's own */
    public static RawClient connect(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return new RawClient(socket);
    }
}
