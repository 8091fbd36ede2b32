package io.costoptimal.gateway.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program with 128 MB of heap, 128 MB of direct memory and default limits, while 200 hostile clients are at it: good
 * clients are all answered 200, nothing runs out of memory, and the memory is back afterwards. Thirty seconds, or as many as
 * {@code -Dgateway.hostile.seconds} says.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class HostileClientsTest {

    private static final String KEY = "sk-hostile";
    private static final int HOSTILE = 200;
    private static final int GOOD = 4;
    private static final long SECONDS = Long.getLong("gateway.hostile.seconds", 30);
    private static final List<String> FLAGS = List.of(
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=128m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dio.netty.leakDetection.level=disabled");

    /**
     * What Netty's pools keep for the next time, at most: the last page of each size of buffer stays, and with it the 4 MB it
     * was cut from. It does not grow with the number of floods.
     */
    private static final double KEPT = 48 * 1024 * 1024;

    @TempDir
    private Path folder;

    private final AtomicLong served = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @Test
    void goodClientsAreServedWhileHostileOnesTryTheirWorst() throws Exception {
        Path log = folder.resolve("access.log");
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS);
                ServerRun server = ServerRun.start(
                        Map.of(), "", FLAGS, "serve", "--config", config(provider), "--access-log", log.toString())) {
            int port = Integer.parseInt(server.address().replaceAll(".*:", ""));
            String admin =
                    server.await(line -> line.contains("started listen=")).replaceAll(".* admin=(\\S+) .*", "$1");
            good(port, 50);
            double before = metric(admin, "gateway_direct_memory_bytes");

            List<Thread> good = new ArrayList<>();
            HostileClients hostile = HostileClients.start(port, KEY, HOSTILE);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            for (int i = 0; i < GOOD; i++) {
                Thread thread = new Thread(() -> good(port, Integer.MAX_VALUE), "good-" + i);
                thread.start();
                good.add(thread);
            }
            double most = 0;
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                most = Math.max(most, metric(admin, "gateway_direct_memory_bytes"));
            }
            over = true;
            for (Thread thread : good) {
                thread.join();
            }
            hostile.stop();
            double after = metric(admin, "gateway_direct_memory_bytes");
            for (int i = 0; i < 60 && (connections(admin) > 0 || after >= before + KEPT); i++) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                after = metric(admin, "gateway_direct_memory_bytes");
            }
            System.out.printf(
                    "hostile: %d s, %d good requests served, direct memory %.0f MB before, %.0f MB at most, %.0f MB after; %s%n",
                    SECONDS, served.get(), before / 1e6, most / 1e6, after / 1e6, hostile.seen());

            assertThat(failures).as("good requests that were not answered 200").isEmpty();
            assertThat(served.get()).isGreaterThan(50);
            assertThat(metric(admin, "gateway_held_body_bytes")).isZero();
            assertThat(metric(admin, "gateway_counting_queue_length")).isZero();
            assertThat(after).isLessThan(before + KEPT);
            assertThat(server.err())
                    .noneMatch(line ->
                            line.contains("OutOfMemory") || line.contains("out_of_") || line.startsWith("\tat "));
            assertThat(Files.readString(log)).doesNotContain("\"status\":500");
            over = false;
            good(port, 10);
            assertThat(failures).isEmpty();
        }
    }

    private String config(SimulatedProvider provider) throws IOException {
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                admin: {listen: 127.0.0.1:0}
                api_keys: [{key: %s, name: all}]
                providers: [{id: p, base_url: "%s/v1"}]
                models:
                  - {model: good, providers: [{provider: p, model: sim-small}]}
                  - model: counted
                    providers: [{provider: p, model: sim-small}]
                    rules: [{rule: TokenCount > 1000000, providers: [{provider: p, model: sim-large}]}]
                """.formatted(KEY, provider.base().toString().replaceAll("/$", "")));
        return config.toString();
    }

    /** Sends requests of up to 64 KB, one after the other, and notes each that is not answered 200. */
    private void good(int port, int requests) {
        for (int i = 0; i < requests && !over; i++) {
            int size = ThreadLocalRandom.current().nextInt(64 * 1024 - 200);
            String body = "{\"model\":\"good\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "a ".repeat(size / 2)
                    + "\"}]}";
            try (RawClient client = RawClient.connect(port)) {
                client.socket().setSoTimeout(120_000);
                client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + KEY
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                String answer = client.readMessage();
                if (answer.startsWith("HTTP/1.1 200 ")) {
                    served.incrementAndGet();
                } else {
                    failures.add(answer);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    private static double connections(String admin) throws Exception {
        return metric(admin, "gateway_client_connections");
    }

    private static double metric(String admin, String name) throws Exception {
        String page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + admin + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return page.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + page));
    }
}
