package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Request and answer of one size, over kept connections: CPU per request, requests per second, added latency. Rounds are
 * interleaved, every proxy in each, so that whatever else the machine does falls on all alike.
 */
final class RequestRounds {

    private final Path folder;
    private final Plan plan;

    RequestRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures bodies of {@code bytes} bytes on {@code connections} connections. */
    Stats run(int bytes, int connections) throws IOException {
        Stats stats = new Stats();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            Server provider = stack.fixedProvider(bytes);
            if (provider == null) {
                throw new IOException(
                        "nginx: not installed (it is the provider of fixed answers); apt-get install nginx");
            }
            List<Server> proxies = proxies(stack);
            Wrk wrk = new Wrk(folder, Bodies.request(bytes, false), Stack.KEY);
            for (Server proxy : proxies) {
                wrk.run(
                        proxy.port(),
                        connections,
                        proxy.name().startsWith("gateway") ? plan.warmUp() : 2,
                        Stack.LOAD_CORE);
            }
            for (int round = 0; round < plan.rounds(); round++) {
                direct(stats, wrk, provider, connections);
                for (Server proxy : proxies) {
                    one(stats, wrk, proxy, connections);
                }
            }
        }
        return stats;
    }

    private List<Server> proxies(Stack stack) throws IOException {
        List<Server> proxies = new ArrayList<>();
        proxies.add(stack.nginxProxy(true));
        proxies.add(stack.haproxy());
        proxies.add(stack.gateway(plan.transport()));
        proxies.removeIf(proxy -> {
            if (proxy == null) {
                System.out.println("skipped: a proxy that is not installed (apt-get install nginx haproxy)");
            }
            return proxy == null;
        });
        return proxies;
    }

    /** Without a proxy: what latency is compared with. */
    private void direct(Stats stats, Wrk wrk, Server provider, int connections) throws IOException {
        Wrk.Result result = wrk.run(provider.port(), connections, plan.seconds(), Stack.LOAD_CORE);
        stats.add("direct", "requests/s", result.requests() / result.seconds());
        stats.add("direct", "p50 us", result.p50());
        stats.add("direct", "p99 us", result.p99());
    }

    private void one(Stats stats, Wrk wrk, Server proxy, int connections) throws IOException {
        long before = proxy.cpuNanos();
        Wrk.Result result = wrk.run(proxy.port(), connections, plan.seconds(), Stack.LOAD_CORE);
        double cpu = (proxy.cpuNanos() - before) / 1e3;
        if (result.errors() > 0) {
            System.out.println(proxy.name() + ": " + result.errors() + " errors, round not counted");
            return;
        }
        stats.add(proxy.name(), "cpu us/request", cpu / result.requests());
        stats.add(proxy.name(), "requests/s", result.requests() / result.seconds());
        stats.add(proxy.name(), "p50 us", result.p50());
        stats.add(proxy.name(), "p99 us", result.p99());
    }

    /**
     * How much to measure.
     *
     * @param rounds interleaved rounds, of which the median counts
     * @param seconds of each run
     * @param warmUp seconds of load before the first round, for the JIT
     * @param transport of the gateway
     * @param jvmFlags of the gateway
     */
    record Plan(int rounds, int seconds, int warmUp, String transport, List<String> jvmFlags) {}
}
