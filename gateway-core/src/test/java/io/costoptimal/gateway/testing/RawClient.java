package io.costoptimal.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends exactly the bytes it is told to. Used by one thread. */
public final class RawClient extends Wire {

    private static final Pattern ID = Pattern.compile("\r\n(x-request-id|request-id): (req_[0-9a-f]{36})(?=\r\n)");

    private String requestId;

    private RawClient(Socket socket) throws IOException {
        super(socket);
    }

    /** Connects to {@code port} of the loopback interface. */
    public static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** Connects to a Unix domain socket; the test must have a time limit of its own. */
    public static RawClient connect(Path path) throws IOException {
        return new RawClient(new UnixSocket(path));
    }

    /** Connects to {@code port} of the loopback interface over TLS; the handshake is done when this returns. */
    public static RawClient connect(int port, TlsSocket.Offer offer) throws IOException {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), offer);
    }

    /** The same at any address. */
    public static RawClient connect(InetSocketAddress address, TlsSocket.Offer offer) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        try {
            return new RawClient(new TlsSocket(socket, offer));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What TLS has settled on; only where {@link #connect(int, TlsSocket.Offer)} made the connection. */
    public TlsSocket tls() {
        return (TlsSocket) socket();
    }

    /** Connects to a port of any address. */
    public static RawClient connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, PATIENCE_MILLIS);
        return new RawClient(socket);
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

    /**
     * Reads one whole answer and returns it as it came, but for the fields with the gateway's id, which no two answers have
     * alike; {@link #requestId} then tells it.
     */
    @Override
    public String readMessage() throws IOException {
        String answer = super.readMessage();
        int end = answer.indexOf("\r\n\r\n") + 2;
        String head = answer.substring(0, end);
        Matcher ids = ID.matcher(head);
        Set<String> found = new HashSet<>();
        while (ids.find()) {
            found.add(ids.group(2));
        }
        if (found.size() > 1) {
            throw new IOException("two ids in one answer: " + head);
        }
        requestId = found.stream().findFirst().orElse(null);
        return ids.replaceAll("") + answer.substring(end);
    }

    /** The gateway's id in the answer read last; {@code null} when it had none. */
    public String requestId() {
        return requestId;
    }
}
