package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Memory of the gateway, and how late its event loop is, while many idle streams are open; memory again once they closed. */
final class MemoryRun {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final String LAG = "gateway_event_loop_lag_seconds";

    private final Path folder;
    private final Plan plan;
    private final Stats stats = new Stats();
    private int adminPort;

    MemoryRun(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Opens each number of streams in turn, one event a second each, and samples memory at each plateau. */
    Stats run() throws IOException, InterruptedException {
        Plan.Part part = plan.memory();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            stack.streamingProvider();
            Server gateway = stack.gateway(plan.transport());
            adminPort = stack.adminPort();
            for (int i = 0; i < part.warmUps(); i++) {
                StreamRounds.warmUp(gateway, 200, part.warmUpSeconds());
            }
            sample("0 before", gateway, 0);
            for (int n : plan.plateaus()) {
                hold(gateway, n, part.seconds());
                sample(n + " closed", gateway, 0);
            }
        }
        return stats;
    }

    private void hold(Server gateway, int streams, int measured) throws IOException, InterruptedException {
        int seconds = 15 + measured + streams / 300;
        String when = streams + " open";
        try (StreamClient client = new StreamClient(StreamRounds.request(gateway.port(), 1000, seconds))) {
            client.open(gateway.port(), streams);
            Server.pause(3000);
            Scrape before = Scrape.of(adminPort);
            StreamClient.Result result = client.measure(measured);
            double lag = Scrape.of(adminPort).bound(before, LAG, 0.99) * 1e6;
            sample(when, gateway, streams);
            stats.add(when, "loop lag p99, at most us", lag);
            stats.add(when, "events/s", result.events() * 1e9 / result.nanos());
            stats.add(when, "p50 us", result.p50());
            stats.add(when, "p99 us", result.p99());
            client.awaitEnd(2 * seconds + 30);
            StreamClient.Result end = client.measure(0);
            stats.add(when, "streams whole", end.finished());
            stats.add(when, "streams broken", end.broken());
        }
        Server.pause(2000);
    }

    /** @param streams open now, which share what is more than at the first sample; 0 where nothing is to be shared */
    private void sample(String when, Server gateway, int streams) throws IOException {
        jcmd(gateway.pid(), "GC.run");
        double heap = heap(jcmd(gateway.pid(), "GC.heap_info"));
        double resident = gateway.residentBytes() / 1024.0;
        stats.add(when, "heap KB", heap);
        stats.add(when, "direct KB", Scrape.of(adminPort).value("gateway_direct_memory_bytes") / 1024);
        stats.add(when, "resident KB", resident);
        if (streams > 0) {
            stats.add(when, "heap B/stream", (heap - stats.last("0 before", "heap KB")) * 1024 / streams);
            stats.add(when, "resident B/stream", (resident - stats.last("0 before", "resident KB")) * 1024 / streams);
        }
    }

    /** All generations together, in KB; class metadata is no heap. */
    private static double heap(String info) {
        int metadata = info.indexOf("Metaspace");
        return USED.matcher(metadata < 0 ? info : info.substring(0, metadata))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
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
