package io.costoptimal.gateway.server.handover;

import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.TlsSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLContext;

/**
 * Clients by HTTP/1.1 that ask one request after the other on kept connections, as long as answers do not say {@code
 * connection: close}, and never a second time. The provider sets the pace. Any thread.
 */
final class Clients {

    /** On a machine that does much else at the time; a provider that is slow is no failure of a hand-over. */
    static final int PATIENCE_MILLIS = 60_000;

    /** Connects. */
    interface Opening {
        RawClient open() throws IOException;
    }

    /**
     * Where a client connects.
     *
     * @param name in what is told of failures
     */
    record Door(String name, Opening opening) {}

    private final List<Thread> threads = new ArrayList<>();
    private final Tally tally;

    Clients(Tally tally) {
        this.tally = tally;
    }

    /** @param port asked for each connection */
    static Door port(IntSupplier port) {
        return new Door("HTTP/1.1", () -> RawClient.connect(port.getAsInt()));
    }

    static Door file(Path path) {
        return new Door("HTTP/1.1 at a file", () -> RawClient.connect(path));
    }

    static Door tls(IntSupplier port, SSLContext trusting) {
        return new Door(
                "HTTP/1.1 over TLS",
                () -> RawClient.connect(port.getAsInt(), new TlsSocket.Offer(trusting, Site.HOST)));
    }

    /** Starts {@code n} more clients. */
    void start(int n, Door door, boolean stream) {
        for (int i = 0; i < n; i++) {
            Thread thread = new Thread(() -> ask(door, stream), "client");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void ask(Door door, boolean stream) {
        String body = Site.body(stream);
        String request = "POST /v1/chat/completions HTTP/1.1\r\nHost: " + Site.HOST + "\r\nAuthorization: Bearer "
                + Site.KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        RawClient client = null;
        String answer = "";
        try {
            while (!tally.stopping()) {
                if (client == null) {
                    client = door.opening().open();
                    client.socket().setSoTimeout(PATIENCE_MILLIS);
                }
                client.send(request);
                answer = "";
                answer = client.readMessage();
                int head = answer.indexOf("\r\n\r\n");
                int status = Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
                tally.answered(stream, status, answer.substring(head));
                if (answer.substring(0, head).toLowerCase(Locale.ROOT).contains("\r\nconnection: close")) {
                    client.close();
                    client = null;
                }
            }
        } catch (IOException | RuntimeException e) {
            tally.failed(door.name() + (stream ? ", stream: " : ", request: ") + e + " " + answer);
        } finally {
            close(client);
        }
    }

    private void close(RawClient client) {
        try {
            if (client != null) {
                client.close();
            }
        } catch (IOException e) {
            tally.failed(e.toString());
        }
    }

    /** Waits until every client has its last answer, which {@link Tally#stop} says. */
    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        }
    }
}
