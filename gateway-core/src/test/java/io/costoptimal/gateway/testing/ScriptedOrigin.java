package io.costoptimal.gateway.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A provider that plays scripts: exact bytes, gates, FIN and RST. One thread accepts, one more plays each connection.
 *
 * <pre>{@code
 * try (ScriptedOrigin origin = ScriptedOrigin.start(c -> {
 *     c.readMessage();
 *     c.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
 *     c.readToEnd();
 * })) { ... }
 * }</pre>
 *
 * <p>What a script throws fails the test at {@link #close()}, except that the other side went away, which is a thing to be
 * expected and asserted on ({@link Connection#end()}). A connection is closed when its script returns.
 */
public final class ScriptedOrigin implements AutoCloseable {

    /** What one connection plays. */
    @FunctionalInterface
    public interface Script {
        void play(Connection connection) throws Exception;
    }

    private final ServerSocket server;
    private final List<Script> scripts;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();

    private ScriptedOrigin(ServerSocket server, List<Script> scripts) {
        this.server = server;
        this.scripts = scripts;
    }

    /** Starts on a free loopback port. The first connection plays the first script and so on; the last repeats. */
    public static ScriptedOrigin start(Script... scripts) throws IOException {
        return start(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), scripts);
    }

    /** Starts on {@code server}, which may speak TLS, and closes it at the end. */
    public static ScriptedOrigin start(ServerSocket server, Script... scripts) {
        ScriptedOrigin origin = new ScriptedOrigin(server, List.of(scripts));
        thread("origin " + server.getLocalPort(), origin::accept);
        return origin;
    }

    /** A script that answers every request of its connection with {@code response}, until the other side ends it. */
    public static Script answering(String response) {
        return connection -> {
            while (connection.readRequest() != null) {
                connection.send(response);
            }
        };
    }

    public int port() {
        return server.getLocalPort();
    }

    /** All connections so far, in the order they were accepted. */
    public List<Connection> connections() {
        return List.copyOf(connections);
    }

    /** Waits for the next connection that this method has not returned yet. */
    public Connection next() throws InterruptedException {
        Connection next = accepted.poll(Wire.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("no connection came to the origin");
        }
        return next;
    }

    private void accept() {
        while (true) {
            try {
                Connection connection = new Connection(server.accept());
                Script script = scripts.get(Math.min(connections.size(), scripts.size() - 1));
                connections.add(connection);
                accepted.add(connection);
                thread("origin " + port() + "/" + connections.size(), () -> play(script, connection));
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
                defects.add(e);
            }
        }
    }

    private void play(Script script, Connection connection) {
        try (connection) {
            script.play(connection);
        } catch (IOException e) {
            connection.failure = e;
        } catch (Exception | AssertionError e) {
            defects.add(e);
        } finally {
            connection.finished.countDown();
        }
    }

    /** Closes every connection and fails with the first thing a script threw. */
    @Override
    public void close() {
        try {
            server.close();
            for (Connection connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!defects.isEmpty()) {
            throw new AssertionError("a script failed", defects.get(0));
        }
    }

    private static void thread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One accepted connection. Its script's thread reads and writes; other threads may ask what it saw. */
    public static final class Connection extends Wire {

        private final CountDownLatch finished = new CountDownLatch(1);
        private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        private volatile IOException failure;

        private Connection(Socket socket) throws IOException {
            super(socket);
        }

        /** Reads one request, records it for {@link #nextRequest()}, and returns it; {@code null} when there is none. */
        public String readRequest() throws IOException {
            String request;
            try {
                request = readMessage();
            } catch (EOFException e) {
                return null;
            }
            requests.add(request);
            return request;
        }

        /** Waits for the next request that {@link #readRequest} has read and this method has not returned yet. */
        public String nextRequest() throws InterruptedException {
            String request = requests.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            if (request == null) {
                throw new AssertionError("no request came to the origin");
            }
            return request;
        }

        /** Waits, in a script, for {@code gate} to be opened by the test. */
        public void await(CountDownLatch gate) throws InterruptedException {
            if (!gate.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the gate was never opened");
            }
        }

        /** Waits, in a test, for the script of this connection to have returned. */
        public void awaitFinished() throws InterruptedException {
            await(finished);
        }

        /** What reading or writing failed with and thereby ended the script; {@code null} when nothing did. */
        public IOException failure() {
            return failure;
        }
    }
}
