package io.costoptimal.gateway.server.hostile;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * What a gateway holds, as its metrics tell.
 *
 * @param taken bytes that the pool of network buffers has taken from the system
 * @param active bytes of them that are in buffers
 * @param held bytes of request bodies, of heads that have not come whole and of kept answers
 * @param queued bodies that wait for their tokens to be counted
 * @param connections of clients
 */
record PoolFigures(double taken, double active, double held, double queued, double connections) {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Reads them; a gateway that is busy may take its time. */
    static PoolFigures of(String admin) throws IOException, InterruptedException {
        String page = CLIENT.send(
                        HttpRequest.newBuilder(URI.create("http://" + admin + "/metrics"))
                                .timeout(Duration.ofMinutes(2))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return new PoolFigures(
                figure(page, "gateway_direct_memory_bytes"),
                figure(page, "gateway_direct_memory_active_bytes"),
                figure(page, "gateway_held_body_bytes")
                        + figure(page, "gateway_unfinished_head_bytes")
                        + figure(page, "gateway_kept_answer_bytes"),
                figure(page, "gateway_counting_queue_length"),
                figure(page, "gateway_client_connections"));
    }

    private static double figure(String page, String name) {
        return page.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + page));
    }

    /** The larger of each figure. */
    PoolFigures orMore(PoolFigures other) {
        return new PoolFigures(
                Math.max(taken, other.taken),
                Math.max(active, other.active),
                Math.max(held, other.held),
                Math.max(queued, other.queued),
                Math.max(connections, other.connections));
    }

    @Override
    public String toString() {
        return String.format(
                "%.0f MB taken, %.1f MB in buffers, %.1f MB held, %.0f queued, %.0f connections",
                taken / 1e6, active / 1e6, held / 1e6, queued, connections);
    }
}
