package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This build beside another, with neither metrics nor access log: each several times as a new process, because two processes
 * of the same build differ by more than two builds may.
 */
final class BeforeRounds {

    private static final int CONNECTIONS = 64;
    private static final int INTERVAL_MILLIS = 50;

    private final Path folder;
    private final Plan plan;
    private final Path checkout;

    /** @param checkout of the other build, packaged */
    BeforeRounds(Path folder, Plan plan, Path checkout) {
        this.folder = folder;
        this.plan = plan;
        this.checkout = checkout;
    }

    /** Measures requests and answers of {@code bytes} bytes. */
    Stats requests(int bytes) throws IOException, InterruptedException {
        Plan.Part part = plan.requests();
        Stats stats = new Stats();
        for (int process = 0; process < plan.processes(); process++) {
            try (Stack stack = new Stack(folder, plan.jvmFlags())) {
                Contest contest = contest(stack, stack.fixedProvider(bytes), true);
                Wrk wrk = new Wrk(folder, Bodies.request(bytes, false), Stack.KEY);
                contest.warmUp(
                        part, server -> wrk.run(server.port(), CONNECTIONS, part.warmUpSeconds(), Stack.LOAD_CORE));
                for (int round = 0; round < part.rounds(); round++) {
                    contest.rounds(1, server -> RequestRounds.one(stats, wrk, server, CONNECTIONS, part.seconds()));
                    compare(stats, "cpu us/request");
                }
            }
        }
        return stats;
    }

    /** Measures {@code streams} streams. */
    Stats streams(int streams) throws IOException, InterruptedException {
        Plan.Part part = plan.streams();
        Stats stats = new Stats();
        for (int process = 0; process < plan.processes(); process++) {
            try (Stack stack = new Stack(folder, plan.jvmFlags())) {
                Contest contest = contest(stack, stack.streamingProvider(), false);
                contest.warmUp(part, server -> StreamRounds.warmUp(server, streams, part.warmUpSeconds()));
                for (int round = 0; round < part.rounds(); round++) {
                    contest.rounds(
                            1, server -> StreamRounds.one(stats, server, streams, INTERVAL_MILLIS, part.seconds()));
                    compare(stats, "cpu us/event");
                }
            }
        }
        return stats;
    }

    private Contest contest(Stack stack, Server provider, boolean buffering) throws IOException {
        List<Server> servers = new ArrayList<>();
        servers.add(provider);
        servers.add(stack.nginxProxy(buffering));
        servers.add(stack.quietGateway(Contest.GATEWAY, Path.of(""), plan.transport()));
        servers.add(stack.quietGateway(Contest.BEFORE, checkout, plan.transport()));
        return new Contest(servers);
    }

    private static void compare(Stats stats, String measure) {
        double ratio = stats.last(Contest.GATEWAY, measure) / stats.last(Contest.BEFORE, measure);
        stats.add(Contest.GATEWAY, "cpu to before", ratio);
    }
}
