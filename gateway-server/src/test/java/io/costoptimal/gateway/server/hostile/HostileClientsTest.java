package io.costoptimal.gateway.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
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
 * {@code -Dgateway.hostile.seconds} says, and longer if the good clients need longer for their requests.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class HostileClientsTest {

    private static final String KEY = "sk-hostile";
    private static final int HOSTILE = 200;
    private static final int GOOD = 4;
    /** How many requests each good client gets through while the hostile ones are there, at least. */
    private static final int EACH = 25;

    private static final int LARGE = 31 * 1024 * 1024;
    private static final long SECONDS = Long.getLong("gateway.hostile.seconds", 30);
    /** Two processors, so that Netty makes four arenas on any machine. */
    private static final List<String> FLAGS = List.of(
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=128m",
            "-XX:ActiveProcessorCount=2",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dio.netty.leakDetection.level=disabled");

    /**
     * What may be in use for ever of buffers that were all released: for each of the 39 sizes that are cut from pages, each of
     * the four arenas keeps the pages it cut last, which are 56 KB at most.
     */
    private static final double LAST_PAGES = 4 * 39 * 56 * 1024;

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
            for (int i = 0; i < 50; i++) {
                good(port);
            }
            PoolFigures before = PoolFigures.of(admin);

            HostileClients hostile = HostileClients.start(port, KEY, HOSTILE);
            List<Thread> good = goodClients(port);
            PoolFigures most = before;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
                most = most.orMore(PoolFigures.of(admin));
            }
            over = true;
            for (Thread thread : good) {
                thread.join();
            }
            hostile.stop();

            System.out.printf("hostile: %d s, %d good requests served; %s%n", SECONDS, served.get(), hostile.seen());
            System.out.printf("hostile: before: %s%nhostile: at most: %s%n", before, most);
            assertThat(failures).as("good requests that were not answered 200").isEmpty();
            assertThat(served.get()).isGreaterThanOrEqualTo(50 + GOOD * EACH);
            assertThat(server.err())
                    .noneMatch(line ->
                            line.contains("OutOfMemory") || line.contains("out_of_") || line.startsWith("\tat "));
            assertThat(Files.readString(log)).doesNotContain("\"status\":500");

            PoolFigures after = PoolFigures.of(admin);
            for (int i = 0; i < 60 && !isBack(before, after); i++) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                after = PoolFigures.of(admin);
            }
            System.out.printf("hostile: after: %s%n", after);
            assertThat(after.held()).as("held").isZero();
            assertThat(after.queued()).as("queued to be counted").isZero();
            assertThat(after.active()).as("bytes in buffers").isLessThanOrEqualTo(before.active() + LAST_PAGES);
            for (int i = 0; i < 3; i++) {
                post(port, LARGE);
            }
            assertThat(failures).as("large bodies, one after the other").isEmpty();
        }
    }

    private static boolean isBack(PoolFigures before, PoolFigures after) {
        return after.connections() == 0
                && after.held() == 0
                && after.queued() == 0
                && after.active() <= before.active() + LAST_PAGES;
    }

    private List<Thread> goodClients(int port) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
            Thread thread = new Thread(
                    () -> {
                        for (int sent = 0; sent < EACH || !over; sent++) {
                            good(port);
                        }
                    },
                    "good-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
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
                    rules: [{rule: TokenCount > 4000000, providers: [{provider: p, model: sim-large}]}]
                """.formatted(KEY, provider.base().toString().replaceAll("/$", "")));
        return config.toString();
    }

    /** Sends a request of up to 64 KB. */
    private void good(int port) {
        post(port, 200 + ThreadLocalRandom.current().nextInt(HeldBody.SHORT - 200));
    }

    /** Sends a request and notes it if it is not answered 200. */
    private void post(int port, int length) {
        String start = "{\"model\":\"good\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String end = "\"}]}";
        String body = start + "a".repeat(length - start.length() - end.length()) + end;
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
