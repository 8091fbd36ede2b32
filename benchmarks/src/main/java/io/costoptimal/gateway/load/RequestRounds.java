package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Path;

/** Request and answer of one size, over connections that are always busy: CPU per request, requests per second, latency. */
final class RequestRounds {

    private final Path folder;
    private final Plan plan;

    RequestRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures bodies of {@code bytes} bytes on {@code connections} connections. */
    Stats run(int bytes, int connections) throws IOException, InterruptedException {
        Plan.Part part = plan.requests();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            Contest contest = new Contest(stack, stack.fixedProvider(bytes), plan.transport(), true);
            Wrk wrk = new Wrk(folder, Bodies.request(bytes, false), Stack.KEY);
            contest.warmUp(part, server -> wrk.run(server.port(), connections, part.warmUpSeconds(), Stack.LOAD_CORE));
            Stats stats = new Stats(contest.names());
            contest.rounds(part.rounds(), server -> one(stats, wrk, server, connections, part.seconds()));
            return stats;
        }
    }

    /** One turn of one server: returns how many requests it answered. */
    static long one(Stats stats, RequestLoad load, Server server, int inFlight, int seconds) throws IOException {
        long before = server.cpuNanos();
        RequestLoad.Result result = load.run(server.port(), inFlight, seconds, Stack.LOAD_CORE);
        double cpu = (server.cpuNanos() - before) / 1e3;
        boolean broken = result.errors() > 0;
        if (broken) {
            System.out.println(server.name() + ": " + result.errors() + " errors, round not counted");
        }
        double valid = broken ? Double.NaN : 1;
        boolean direct = server.name().equals(Contest.DIRECT);
        stats.add(server.name(), "cpu us/request", direct ? Double.NaN : valid * cpu / result.requests());
        stats.add(server.name(), "requests/s", valid * result.requests() / result.seconds());
        stats.add(server.name(), "p50 us", valid * result.p50());
        stats.add(server.name(), "p99 us", valid * result.p99());
        return result.requests();
    }
}
