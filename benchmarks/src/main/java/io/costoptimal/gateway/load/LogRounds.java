package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an access log and metrics cost: the gateway with metrics and an access log beside one with neither, nginx with and
 * without its own buffered access log of JSON. Each several times as a new process, because two of the same program differ.
 */
final class LogRounds {

    private static final int CONNECTIONS = 64;
    static final String LOGGING = " logging";
    private static final String CPU = "cpu us/request";

    private final Path folder;
    private final Plan plan;

    LogRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures bodies of {@code bytes} bytes. */
    Stats run(int bytes) throws IOException, InterruptedException {
        Stats stats = new Stats();
        for (int process = 0; process < plan.processes(); process++) {
            try (Stack stack = new Stack(folder, plan.jvmFlags())) {
                rounds(stats, stack, new Contest(servers(stack, bytes)), bytes);
            }
        }
        return stats;
    }

    private List<Server> servers(Stack stack, int bytes) throws IOException {
        List<Server> servers = new ArrayList<>();
        servers.add(stack.fixedProvider(bytes));
        servers.add(stack.nginxProxy(true));
        servers.add(stack.loggingNginx("nginx" + LOGGING));
        both(servers, stack, Contest.GATEWAY, Path.of(""));
        String before = System.getProperty("load.before", "");
        if (!before.isEmpty()) {
            both(servers, stack, Contest.BEFORE, Path.of(before));
        }
        return servers;
    }

    private void both(List<Server> servers, Stack stack, String name, Path checkout) throws IOException {
        servers.add(stack.quietGateway(name, checkout, plan.transport()));
        servers.add(stack.loggingGateway(name + LOGGING, checkout, plan.transport()));
    }

    private void rounds(Stats stats, Stack stack, Contest contest, int bytes) throws IOException, InterruptedException {
        Plan.Part part = plan.requests();
        Wrk wrk = new Wrk(folder, Bodies.request(bytes, false), Stack.KEY);
        contest.warmUp(part, server -> {
            wrk.run(server.port(), CONNECTIONS, part.warmUpSeconds(), Stack.LOAD_CORE);
            lines(stack, server.name());
        });
        for (int round = 0; round < part.rounds(); round++) {
            contest.rounds(1, server -> {
                long answered = RequestRounds.one(stats, wrk, server, CONNECTIONS, part.seconds());
                if (server.name().endsWith(LOGGING)) {
                    stats.add(server.name(), "lines/request", (double) lines(stack, server.name()) / answered);
                }
            });
            for (String name : contest.names()) {
                if (name.endsWith(LOGGING)) {
                    String quiet = name.substring(0, name.length() - LOGGING.length());
                    stats.add(name, "added " + CPU, stats.last(name, CPU) - stats.last(quiet, CPU));
                }
            }
        }
    }

    /** Lines that {@code name} has logged since this was asked last, once its buffers are written; its log is empty then. */
    static long lines(Stack stack, String name) throws IOException {
        Path log = stack.accessLog(name);
        if (!Files.exists(log)) {
            return 0;
        }
        Server.pause(1_500);
        long lines = 0;
        byte[] piece = new byte[1 << 16];
        try (var in = Files.newInputStream(log)) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                for (int i = 0; i < n; i++) {
                    lines += piece[i] == '\n' ? 1 : 0;
                }
            }
        }
        // Both append, so that they go on at its start.
        Files.newOutputStream(log).close();
        return lines;
    }
}
