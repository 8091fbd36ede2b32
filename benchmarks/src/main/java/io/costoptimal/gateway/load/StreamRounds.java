package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Event streams: CPU per event, added latency per event, and whether every event arrived. */
final class StreamRounds {

    private final Path folder;
    private final RequestRounds.Plan plan;

    StreamRounds(Path folder, RequestRounds.Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures {@code streams} streams with an event every {@code intervalMillis} milliseconds each. */
    Stats run(int streams, int intervalMillis) throws IOException, InterruptedException {
        Stats stats = new Stats();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            Server provider = stack.streamingProvider();
            List<Server> proxies = new ArrayList<>();
            proxies.add(stack.nginxProxy(false));
            proxies.add(stack.haproxy());
            proxies.add(stack.gateway(plan.transport()));
            proxies.removeIf(proxy -> proxy == null);
            for (Server proxy : proxies) {
                one(new Stats(), proxy, streams, intervalMillis, plan.warmUp());
            }
            for (int round = 0; round < plan.rounds(); round++) {
                one(stats, provider, streams, intervalMillis, plan.seconds());
                for (Server proxy : proxies) {
                    one(stats, proxy, streams, intervalMillis, plan.seconds());
                }
            }
        }
        return stats;
    }

    private void one(Stats stats, Server proxy, int streams, int intervalMillis, int seconds)
            throws IOException, InterruptedException {
        int events = (seconds + 3 + streams / 1000) * 1000 / intervalMillis;
        try (StreamClient client = new StreamClient(request(proxy.port(), intervalMillis, events))) {
            client.open(proxy.port(), streams);
            Server.pause(1000);
            long before = proxy.cpuNanos();
            StreamClient.Result result = client.measure(seconds);
            double cpu = (proxy.cpuNanos() - before) / 1e3;
            stats.add(proxy.name(), "cpu us/event", cpu / result.events());
            stats.add(proxy.name(), "events/s", result.events() * 1e9 / result.nanos());
            stats.add(proxy.name(), "p50 us", result.p50());
            stats.add(proxy.name(), "p99 us", result.p99());
            boolean ended = client.awaitEnd(2 * seconds + 30);
            StreamClient.Result end = client.measure(0);
            stats.add(proxy.name(), "streams whole", end.finished());
            if (!ended || end.broken() > 0) {
                System.out.println(proxy.name() + ": " + end.broken() + " streams broken, all ended: " + ended);
            }
        }
    }

    /** A whole streamed chat call; the simulated provider reads its pace from the {@code x-sim} headers. */
    static byte[] request(int port, int intervalMillis, int events) {
        String body = Bodies.request(1024, true);
        String head = """
                POST /v1/chat/completions HTTP/1.1
                Host: 127.0.0.1:%d
                Content-Type: application/json
                Accept: text/event-stream
                Authorization: Bearer %s
                X-Sim-Interval: %dms
                X-Sim-Events: %d
                X-Sim-Timestamps: true
                Content-Length: %d

                """.formatted(port, Stack.KEY, intervalMillis, events, body.length());
        return (head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.UTF_8);
    }
}
