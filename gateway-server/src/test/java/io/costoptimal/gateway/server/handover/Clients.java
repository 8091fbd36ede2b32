package io.costoptimal.gateway.server.handover;

import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask one request after the other on kept connections, as long as answers do not say {@code connection: close},
 * and never a second time. The provider sets the pace. Any thread.
 */
final class Clients implements AutoCloseable {

    /** Where a client connects. */
    interface Door {
        RawClient open() throws IOException;
    }

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore answered = new Semaphore(0);
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();
    private final String key;
    private volatile boolean stopping;

    Clients(String key) {
        this.key = key;
    }

    static Door port(int port) {
        return () -> RawClient.connect(port);
    }

    static Door file(Path path) {
        return () -> RawClient.connect(path);
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
        String body = stream ? "{\"model\":\"m\",\"stream\":true}" : "{\"model\":\"m\"}";
        String request = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + key
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        RawClient client = null;
        String answer = "";
        try {
            while (!stopping) {
                if (client == null) {
                    client = door.open();
                }
                client.send(request);
                answer = "";
                answer = client.readMessage();
                check(answer, stream);
                if (answer.substring(0, answer.indexOf("\r\n\r\n"))
                        .toLowerCase(Locale.ROOT)
                        .contains("\r\nconnection: close")) {
                    client.close();
                    client = null;
                }
            }
        } catch (IOException | RuntimeException e) {
            failures.add((stream ? "stream: " : "request: ") + e + " " + answer);
        } finally {
            close(client);
        }
    }

    private void check(String answer, boolean stream) {
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            failures.add("refused: " + answer);
        } else if (stream && !answer.contains("data: [DONE]")) {
            failures.add("looks whole and is not: " + answer);
        }
        (stream ? streams : requests).incrementAndGet();
        answered.release();
    }

    private void close(RawClient client) {
        try {
            if (client != null) {
                client.close();
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    /** Waits for {@code n} more answers. */
    void await(int n) throws InterruptedException {
        answered.drainPermits();
        if (!answered.tryAcquire(n, 60, TimeUnit.SECONDS)) {
            throw new AssertionError("too few answers; failures: " + failures);
        }
    }

    /** What went wrong; a client of which something did has stopped. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    long requests() {
        return requests.get();
    }

    long streams() {
        return streams.get();
    }

    @Override
    public void close() {
        finish();
    }

    /** Lets every client have its last answer. */
    void finish() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(60));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
