package io.costoptimal.gateway.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What the dashboard asks a gateway for, timed from the request to the last byte of the JSON. Confined to one thread. */
final class LedgerPages {

    private static final int TIMES = 20;
    private static final String KEY = "sk-ledger-admin";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Instant now;
    private final int admin;

    private LedgerPages(Instant now, int admin) {
        this.now = now;
        this.admin = admin;
    }

    /**
     * Starts a gateway over the ledger, and asks it.
     *
     * @param folder of the gateway's configuration and log
     * @param address of the ledger
     * @param request an id that is in it
     * @return for each call, by name, milliseconds of each time
     */
    static Stats ask(Path folder, String address, Instant now, String request)
            throws IOException, InterruptedException {
        int admin = Stack.freePort();
        int port = Stack.freePort();
        Path config = folder.resolve("pages.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:%d
                admin: {listen: "127.0.0.1:%d"}
                api_keys: [{key: %s, name: admin, role: admin}]
                providers: [{id: p, base_url: "http://127.0.0.1:9/v1", access_token: none}]
                default_provider: p
                save_usage: true
                storage_uri: "%s"
                cleanup_enabled: false
                """.formatted(port, admin, KEY, address));
        List<String> command = List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                Path.of("bin", "gateway").toString(),
                "serve",
                "--config",
                config.toString(),
                "--access-log",
                "off");
        Server gateway = Server.start("gateway", port, Server.ANY_CORE, command, folder.resolve("pages-gateway.log"));
        try {
            return new LedgerPages(now, admin).ask(request);
        } finally {
            gateway.close();
        }
    }

    private Stats ask(String request) throws IOException, InterruptedException {
        Map<String, List<String>> calls = calls(request);
        Stats stats = new Stats(List.copyOf(calls.keySet()));
        for (int time = -2; time < TIMES; time++) {
            for (Map.Entry<String, List<String>> call : calls.entrySet()) {
                long before = System.nanoTime();
                together(call.getValue());
                // The first two warm up the JIT and the system's file cache.
                if (time >= 0) {
                    stats.add(call.getKey(), "ms", (System.nanoTime() - before) / 1e6);
                }
            }
        }
        return stats;
    }

    /** By name; the paths of one name are asked at the same time. */
    private Map<String, List<String>> calls(String request) {
        Map<String, List<String>> calls = new LinkedHashMap<>();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(1));
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        range(calls, "24 hours", hour.minus(Duration.ofDays(1)), hour, "hour");
        range(calls, "7 days", hour.minus(Duration.ofDays(7)), hour, "hour");
        range(calls, "30 days", midnight.minus(Duration.ofDays(30)), midnight, "day");
        range(
                calls,
                "12 months",
                Instant.ofEpochMilli(LedgerFill.startOf(LedgerFill.month(now, 0))),
                Instant.ofEpochMilli(LedgerFill.startOf(month.plusMonths(1))),
                "month");
        calls.put("newest 50 rows", List.of("/usage?limit=50"));
        calls.put("newest 50 rows of a key", List.of("/usage?limit=50&key=team-0"));
        calls.put("newest 50 rows that were cut", List.of("/usage?limit=50&outcome=cut"));
        calls.put("one request", List.of("/usage/" + request));
        return calls;
    }

    /** What the page of a range asks for, each alone and then all together, as it does. */
    private static void range(Map<String, List<String>> calls, String name, Instant from, Instant to, String unit) {
        String bounds = "&from=" + from + "&to=" + to;
        for (String by : List.of("", unit, "provider", "model", "key", "outcome," + unit, "key," + unit)) {
            calls.put(name + " by " + (by.isEmpty() ? "nothing" : by), List.of(summary(by, bounds)));
        }
        calls.put(
                name + ", the whole page",
                List.of(
                        summary("", bounds),
                        summary(unit, bounds),
                        summary("provider", bounds),
                        summary("provider," + unit, bounds),
                        summary("outcome," + unit, bounds)));
    }

    private static String summary(String by, String bounds) {
        return "/usage/summary?" + (by.isEmpty() ? bounds.substring(1) : "group=" + by + bounds);
    }

    private void together(List<String> paths) throws IOException {
        List<CompletableFuture<Integer>> answers = paths.stream()
                .map(path -> client.sendAsync(request(path), BodyHandlers.ofString())
                        .thenApply(answer -> {
                            if (answer.statusCode() != 200) {
                                throw new IllegalStateException(
                                        path + ": " + answer.statusCode() + " " + answer.body());
                            }
                            return answer.body().length();
                        }))
                .toList();
        answers.forEach(CompletableFuture::join);
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + path))
                .header("Authorization", "Bearer " + KEY)
                .header("Accept", "application/json")
                .build();
    }
}
