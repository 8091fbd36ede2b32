package io.costoptimal.gateway.server.hostile;

import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that do a gateway all the harm they can without leaving HTTP, each on a thread of its own, until {@link #stop}: a
 * quarter of them each pipelines without reading, uploads bodies of 32 MB, leaves while its tokens are counted, and sends a
 * byte a second. Whoever is turned away comes again.
 */
final class HostileClients {

    private static final int UPLOAD = 32 * 1024 * 1024;
    private static final int COUNTED = 8 * 1024 * 1024;
    private static final String UPLOADED = "{\"model\":\"good\",\"messages\":[],\"x\":\"";
    private static final String UPLOADED_END = "\"}";
    private static final String TEXT = "{\"model\":\"counted\",\"messages\":[{\"role\":\"user\",\"content\":\"";
    private static final String TEXT_END = "\"}]}";
    private static final byte[] REQUESTS =
            "GET /n HTTP/1.1\r\nHost: g\r\n\r\n".repeat(500).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FILLER = filler();

    private final int port;
    private final String key;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<RawClient> open = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicLong> seen = new ConcurrentHashMap<>();
    private volatile boolean over;

    private interface Attack {
        void run(RawClient client) throws IOException;
    }

    private HostileClients(int port, String key) {
        this.port = port;
        this.key = key;
    }

    /** Starts {@code count} of them. */
    static HostileClients start(int port, String key, int count) {
        HostileClients clients = new HostileClients(port, key);
        List<Attack> attacks = List.of(
                clients::pipelineWithoutReading, clients::upload, clients::leaveWhileCounted, clients::aByteASecond);
        for (int i = 0; i < count; i++) {
            Attack attack = attacks.get(i % attacks.size());
            Thread thread = new Thread(() -> clients.repeat(attack), "hostile-" + i);
            thread.setDaemon(true);
            thread.start();
            clients.threads.add(thread);
        }
        return clients;
    }

    /** What they met so far, and how often. */
    Map<String, AtomicLong> seen() {
        return new TreeMap<>(seen);
    }

    private void repeat(Attack attack) {
        while (!over) {
            try (RawClient client = RawClient.connect(port)) {
                open.add(client);
                try {
                    attack.run(client);
                } finally {
                    open.remove(client);
                }
            } catch (IOException turnedAway) {
                note("turned away");
                pause(20);
            }
        }
    }

    private void pipelineWithoutReading(RawClient client) throws IOException {
        while (!over) {
            client.send(REQUESTS);
        }
    }

    /** Half of them send all of it, and the others wait before the end of it. */
    private void upload(RawClient client) throws IOException {
        client.send(head(UPLOAD) + UPLOADED);
        if (ThreadLocalRandom.current().nextBoolean()) {
            fill(client, UPLOAD - UPLOADED.length() - UPLOADED_END.length());
            client.send(UPLOADED_END);
        } else {
            fill(client, UPLOAD - FILLER.length);
        }
        note("uploads: " + client.readUntil("\r\n").substring(9, 12));
    }

    private void leaveWhileCounted(RawClient client) throws IOException {
        client.send(head(COUNTED) + TEXT);
        fill(client, COUNTED - TEXT.length() - TEXT_END.length());
        client.send(TEXT_END);
        pause(ThreadLocalRandom.current().nextInt(2_000));
        note("left while counted");
        client.rst();
    }

    private void fill(RawClient client, int bytes) throws IOException {
        int left = bytes;
        for (; left > FILLER.length && !over; left -= FILLER.length) {
            client.send(FILLER);
        }
        client.send(Arrays.copyOf(FILLER, left));
    }

    private void aByteASecond(RawClient client) throws IOException {
        String request = head(1000) + UPLOADED + "a".repeat(900);
        // Some within the head, some within the body.
        int quick = ThreadLocalRandom.current().nextBoolean() ? 0 : request.length() - 800;
        client.send(request.substring(0, quick));
        for (int i = quick; i < request.length() && !over; i++) {
            client.send(request.substring(i, i + 1));
            pause(1000);
        }
    }

    private String head(int length) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + key + "\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    private void note(String what) {
        seen.computeIfAbsent(what, key -> new AtomicLong()).incrementAndGet();
    }

    /** Hostile clients have a clock of their own; nothing waits for them. */
    private static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    private static byte[] filler() {
        byte[] text = "the quick brown fox jumps over a lazy dog, again and again; "
                .repeat(1100)
                .getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(text, 64 * 1024);
    }

    /** Closes every connection and waits for every client to give up. */
    void stop() throws IOException, InterruptedException {
        over = true;
        for (RawClient client : open) {
            client.close();
        }
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
            thread.join(30_000);
        }
    }
}
