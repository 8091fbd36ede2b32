package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Event streams: CPU per event, latency per event, and whether every event arrived. */
final class StreamRounds {

    /** Events a second of a warm-up session, whatever is measured then: the JIT counts what passed. */
    private static final int WARM_UP_RATE = 10_000;

    private final Path folder;
    private final Plan plan;

    StreamRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures {@code streams} streams with an event every {@code intervalMillis} milliseconds each. */
    Stats run(int streams, int intervalMillis) throws IOException, InterruptedException {
        Plan.Part part = plan.streams();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            Contest contest = new Contest(stack, stack.streamingProvider(), plan.transport(), false);
            contest.warmUp(part, server -> warmUp(server, Math.min(streams, 200), part.warmUpSeconds()));
            Stats stats = new Stats(contest.names());
            contest.rounds(part.rounds(), server -> one(stats, server, streams, intervalMillis, part.seconds()));
            return stats;
        }
    }

    /** One session of many events on {@code streams} streams. */
    static void warmUp(Server server, int streams, int seconds) throws IOException, InterruptedException {
        warmUp(server, StreamWire.PLAIN, streams, seconds);
    }

    /** The same, by {@code wire}. */
    static void warmUp(Server server, StreamWire wire, int streams, int seconds)
            throws IOException, InterruptedException {
        one(new Stats(), server, wire, streams, Math.max(1, 1000 * streams / WARM_UP_RATE), seconds);
    }

    /** One turn of one server. */
    static void one(Stats stats, Server server, int streams, int intervalMillis, int seconds)
            throws IOException, InterruptedException {
        one(stats, server, StreamWire.PLAIN, streams, intervalMillis, seconds);
    }

    /** The same, by {@code wire}. */
    static void one(Stats stats, Server server, StreamWire wire, int streams, int intervalMillis, int seconds)
            throws IOException, InterruptedException {
        int events = (seconds + 3 + streams / 1000) * 1000 / intervalMillis;
        try (StreamClient client = new StreamClient(request(server.port(), intervalMillis, events), wire)) {
            client.open(server.port(), streams);
            Server.pause(1000);
            long before = server.cpuNanos();
            StreamClient.Result result = client.measure(seconds);
            double cpu = (server.cpuNanos() - before) / 1e3;
            boolean direct = server.name().equals(Contest.DIRECT);
            stats.add(server.name(), "cpu us/event", direct ? Double.NaN : cpu / result.events());
            stats.add(server.name(), "events/s", result.events() * 1e9 / result.nanos());
            stats.add(server.name(), "p50 us", result.p50());
            stats.add(server.name(), "p99 us", result.p99());
            boolean ended = client.awaitEnd(2 * seconds + 30);
            StreamClient.Result end = client.measure(0);
            stats.add(server.name(), "streams whole", end.finished());
            if (!ended || end.broken() > 0) {
                System.out.println(server.name() + ": " + end.broken() + " streams broken, all ended: " + ended);
            }
        }
    }

    /** A whole streamed chat call; the simulated provider reads its pace from the {@code x-sim} headers. */
    static byte[] request(int port, int intervalMillis, int events) {
        String body = Bodies.request(1024, true);
        String pace = """
                X-Sim-Interval: %dms
                X-Sim-Events: %d
                X-Sim-Timestamps: true
                """.formatted(intervalMillis, events);
        return call(port, "text/event-stream", pace, body);
    }

    /**
     * A whole chat call.
     *
     * @param fields further header fields, each with its line end
     */
    static byte[] call(int port, String accept, String fields, String body) {
        String head = """
                POST /v1/chat/completions HTTP/1.1
                Host: 127.0.0.1:%d
                Content-Type: application/json
                Accept: %s
                User-Agent: OpenAI/Python 3.22.1
                Authorization: Bearer %s
                %sContent-Length: %d

                """.formatted(port, accept, Stack.KEY, fields, body.length());
        return (head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.UTF_8);
    }
}
