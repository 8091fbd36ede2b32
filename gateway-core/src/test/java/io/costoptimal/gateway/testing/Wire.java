package io.costoptimal.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One blocking socket, byte for byte. Used by one thread at a time.
 *
 * <p>Text goes in and out as ISO-8859-1, so that each char is a byte. Every read gives up after {@link #PATIENCE_MILLIS}:
 * a hang fails the test that waits, and nothing else measures time here.
 */
public sealed class Wire implements AutoCloseable permits RawClient, ScriptedOrigin.Connection {

    static final int PATIENCE_MILLIS = 20_000;

    /** How the other side ended a connection. */
    public enum End {
        /** Over TLS, one without close_notify before it. */
        FIN,
        RST,
        /** Over TLS, the word that this is the end; what becomes of the connection below is another thing. */
        CLOSE_NOTIFY
    }

    private final Socket socket;
    private final InputStream in;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private End end;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = socket.getInputStream();
    }

    /** The socket itself, for options and addresses. */
    public final Socket socket() {
        return socket;
    }

    public final void send(String bytes) throws IOException {
        send(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    public final void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends {@code bytes} in segments that end at each of {@code cuts}; the receiver may still see them together. */
    public final void send(byte[] bytes, int... cuts) throws IOException {
        int from = 0;
        for (int cut : cuts) {
            socket.getOutputStream().write(bytes, from, cut - from);
            from = cut;
        }
        socket.getOutputStream().write(bytes, from, bytes.length - from);
    }

    /** Reads until {@code mark} was received and returns everything up to and including it. */
    public final String readUntil(String mark) throws IOException {
        int from = 0;
        while (true) {
            String text = unread.toString(StandardCharsets.ISO_8859_1);
            int at = text.indexOf(mark, from);
            if (at >= 0) {
                return take(at + mark.length());
            }
            from = Math.max(0, text.length() - mark.length());
            more();
        }
    }

    /** Reads exactly {@code n} bytes. */
    public final String readExactly(int n) throws IOException {
        while (unread.size() < n) {
            more();
        }
        return take(n);
    }

    /**
     * Reads one whole message and returns it as it came: a head, and the body that its Content-Length or chunked coding
     * announces. Without either a request has no body; so has a response here, which is for the caller to know.
     */
    public String readMessage() throws IOException {
        String head = readUntil("\r\n\r\n");
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
            return head + readChunks();
        }
        int at = lower.indexOf("\r\ncontent-length:");
        if (at < 0) {
            return head;
        }
        int value = at + "\r\ncontent-length:".length();
        return head
                + readExactly(Integer.parseInt(
                        lower.substring(value, lower.indexOf("\r\n", value)).trim()));
    }

    private String readChunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = readUntil("\r\n");
            body.append(line);
            int size = Integer.parseInt(line.substring(0, line.length() - 2), 16);
            if (size == 0) {
                break;
            }
            body.append(readExactly(size + 2));
        }
        String line;
        do {
            line = readUntil("\r\n");
            body.append(line);
        } while (line.length() > 2);
        return body.toString();
    }

    /** Reads to the end of the connection and returns what had not been read before; {@link #end()} tells which end. */
    public final String readToEnd() throws IOException {
        while (fill()) {}
        return take(unread.size());
    }

    /** Reads and forgets {@code n} bytes, for answers too large to keep; returns how many came before the end. */
    public final long drain(long n) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long read = Math.min(n, unread.size());
        take((int) read);
        while (read < n) {
            int more = in.read(buffer, 0, (int) Math.min(buffer.length, n - read));
            if (more < 0) {
                break;
            }
            read += more;
        }
        return read;
    }

    /** Reads some bytes, at most {@code n}, and forgets them; returns how many came, or -1 at the end. */
    public final int read(byte[] into, int n) throws IOException {
        if (unread.size() == 0) {
            return in.read(into, 0, n);
        }
        byte[] first = take(Math.min(n, unread.size())).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(first, 0, into, 0, first.length);
        return first.length;
    }

    /** How the other side ended; {@code null} while no read has met the end. */
    public final End end() {
        return end;
    }

    /** Every byte received so far. */
    public final String received() {
        synchronized (received) {
            return received.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /** Ends our direction with FIN; reading goes on. */
    public final void fin() throws IOException {
        socket.shutdownOutput();
    }

    /** Aborts with RST. */
    public final void rst() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String take(int n) {
        byte[] all = unread.toByteArray();
        unread.reset();
        unread.write(all, n, all.length - n);
        return new String(all, 0, n, StandardCharsets.ISO_8859_1);
    }

    private void more() throws IOException {
        if (!fill()) {
            throw new EOFException(end + " after: " + unread.toString(StandardCharsets.ISO_8859_1));
        }
    }

    private boolean fill() throws IOException {
        byte[] buffer = new byte[16 * 1024];
        int n;
        try {
            n = in.read(buffer);
        } catch (SocketException e) {
            if (socket.isClosed()) {
                throw e;
            }
            end = End.RST;
            return false;
        }
        if (n < 0) {
            end = socket instanceof TlsSocket tls && tls.saidClose() ? End.CLOSE_NOTIFY : End.FIN;
            return false;
        }
        unread.write(buffer, 0, n);
        synchronized (received) {
            received.write(buffer, 0, n);
        }
        return true;
    }
}
