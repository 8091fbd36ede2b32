package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory of the gateway while many idle streams are open, and after they have closed. */
final class MemoryRun {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private final Path folder;
    private final RequestRounds.Plan plan;

    MemoryRun(Path folder, RequestRounds.Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Opens each number of streams in turn, one event a second each, and samples memory at each plateau. */
    Stats run(int... streams) throws IOException, InterruptedException {
        Stats stats = new Stats();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            stack.streamingProvider();
            Server gateway = stack.gateway(plan.transport());
            warmUp(gateway);
            sample(stats, "0 before", gateway);
            for (int n : streams) {
                hold(stats, gateway, n);
                sample(stats, n + " closed", gateway);
            }
        }
        return stats;
    }

    private void warmUp(Server gateway) throws IOException, InterruptedException {
        try (StreamClient client = new StreamClient(StreamRounds.request(gateway.port(), 20, 50 * plan.warmUp()))) {
            client.open(gateway.port(), 200);
            client.awaitEnd(3 * plan.warmUp() + 10);
        }
    }

    private void hold(Stats stats, Server gateway, int streams) throws IOException, InterruptedException {
        int seconds = 30 + streams / 200;
        try (StreamClient client = new StreamClient(StreamRounds.request(gateway.port(), 1000, seconds))) {
            client.open(gateway.port(), streams);
            Server.pause(3000);
            StreamClient.Result result = client.measure(10);
            sample(stats, streams + " open", gateway);
            stats.add(streams + " open", "events/s", result.events() * 1e9 / result.nanos());
            stats.add(streams + " open", "p50 us", result.p50());
            stats.add(streams + " open", "p99 us", result.p99());
            client.awaitEnd(2 * seconds + 30);
            StreamClient.Result end = client.measure(0);
            stats.add(streams + " open", "streams whole", end.finished());
            stats.add(streams + " open", "streams broken", end.broken());
        }
        Server.pause(2000);
    }

    private static void sample(Stats stats, String when, Server gateway) throws IOException {
        jcmd(gateway.pid(), "GC.run");
        stats.add(when, "heap KB", heap(jcmd(gateway.pid(), "GC.heap_info")));
        stats.add(when, "resident KB", gateway.residentBytes() / 1024.0);
    }

    /** All generations together; class metadata is no heap. */
    private static double heap(String info) {
        int metadata = info.indexOf("Metaspace");
        Matcher used = USED.matcher(metadata < 0 ? info : info.substring(0, metadata));
        return used.results().mapToLong(match -> Long.parseLong(match.group(1))).sum();
    }

    private static String jcmd(long pid, String command) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return out;
    }
}
