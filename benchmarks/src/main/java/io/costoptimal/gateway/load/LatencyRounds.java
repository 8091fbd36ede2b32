package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests at given rates, each round all rates: latency, and what of it a proxy adds to the provider's own. */
final class LatencyRounds {

    private static final int LEAD_MILLIS = 500;

    private final Path folder;
    private final Plan plan;

    LatencyRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures bodies of {@code bytes} bytes; a result for each of {@code rates}, in requests a second. */
    Map<Integer, Stats> run(int bytes, int... rates) throws IOException, InterruptedException {
        Plan.Part part = plan.latency();
        Map<Integer, Stats> results = new LinkedHashMap<>();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            Contest contest = new Contest(stack, stack.fixedProvider(bytes), plan.transport(), true);
            String body = Bodies.request(bytes, false);
            // All there is for half of the sessions, and then the rates to come.
            Wrk wrk = new Wrk(folder, body, Stack.KEY);
            Plan.Part half = new Plan.Part(part.warmUps() / 2, part.warmUpSeconds(), 0, 0);
            contest.warmUp(half, server -> wrk.run(server.port(), 64, half.warmUpSeconds(), Stack.LOAD_CORE));
            contest.warmUp(half, server -> {
                for (int rate : rates) {
                    one(new Stats(), server, body, rate, 1);
                }
            });
            for (int round = 0; round < part.rounds(); round++) {
                for (int rate : rates) {
                    Stats stats = results.computeIfAbsent(rate, r -> new Stats(contest.names()));
                    contest.rounds(1, server -> one(stats, server, body, rate, part.seconds()));
                    contest.names().forEach(name -> added(stats, name));
                }
            }
        }
        return results;
    }

    private static void one(Stats stats, Server server, String body, int rate, int seconds)
            throws IOException, InterruptedException {
        byte[] request = StreamRounds.call(server.port(), "application/json", "", body);
        try (PacedClient client = new PacedClient(server.port(), request, rate)) {
            client.start();
            Server.pause(LEAD_MILLIS);
            long before = server.cpuNanos();
            PacedClient.Result result = client.measure(seconds);
            double cpu = (server.cpuNanos() - before) / 1e3;
            boolean direct = server.name().equals(Contest.DIRECT);
            stats.add(server.name(), "cpu us/request", direct ? Double.NaN : cpu / result.answers());
            stats.add(server.name(), "achieved/s", result.answers() / result.seconds());
            stats.add(server.name(), "p50 us", result.p50());
            stats.add(server.name(), "p99 us", result.p99());
            stats.add(server.name(), "send error us", result.sendError());
            stats.add(server.name(), "connections", result.connections());
        }
    }

    /** Beyond the provider's own latency in the same round. */
    private static void added(Stats stats, String name) {
        if (!name.equals(Contest.DIRECT)) {
            for (String measure : new String[] {"p50 us", "p99 us"}) {
                stats.add(name, "added " + measure, stats.last(name, measure) - stats.last(Contest.DIRECT, measure));
            }
        }
    }
}
