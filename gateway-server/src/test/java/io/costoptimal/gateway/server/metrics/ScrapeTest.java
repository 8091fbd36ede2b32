package io.costoptimal.gateway.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TlsSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole server's metrics after some traffic, as scrapers and operators read them. */
@Timeout(120)
class ScrapeTest {

    private static final String OPEN_METRICS =
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2";

    /** A row of the table of metrics: its name, its labels. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(gateway_\\w+)(?:\\{([\\w,]+)})?` \\|");

    @TempDir
    private static Path folder;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static SimulatedProvider provider;
    private static GatewayServer server;

    @BeforeAll
    static void start() throws Exception {
        provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring("t"));
        TestCertificates certificates = new TestCertificates();
        TestCertificates.write(folder, "a", certificates.issue("a.test"));
        server = GatewayServer.start(config("m"));
        String[] overTls = server.addresses().get(1).split(":");
        try (RawClient client = RawClient.connect(
                new InetSocketAddress(overTls[0], Integer.parseInt(overTls[1])),
                new TlsSocket.Offer(certificates.client(), "a.test"))) {
            client.send("GET /v1/models HTTP/1.1\r\nHost: a.test\r\n\r\n");
            client.readMessage();
        }
        chat("k1", "m");
        chat("k1", "falls-over");
        chat("k1", "whatever-a-client-likes");
        chat("k1", "wild-one");
        chat("k1", "wild-two");
        chat("nobody", "m");
    }

    private static GatewayConfig config(String model) throws Exception {
        return ConfigFile.parse(
                "gateway.yaml",
                """
                listeners:
                  - {listen: "127.0.0.1:0"}
                  - {listen: "127.0.0.2:0", tls: {certificates: [{certificate: a.pem, key: a.key}]}}
                admin: {listen: 127.0.0.1:0}
                event_loops: 2
                api_keys: [{key: k1, name: team-a}]
                providers:
                  - {id: sim, base_url: "%1$s/v1", access_token: t}
                  - {id: dead, base_url: "http://127.0.0.1:1/v1", access_token: t}
                models:
                  - {model: %2$s, providers: [sim]}
                  - {model: falls-over, providers: [dead, sim]}
                  - {model: "wild-*", providers: [sim]}
                default_provider: sim
                prices: [{provider: sim, model: m, input: 1, output: 2}]
                save_usage: true
                storage_uri: "file:%3$s/usage.db"
                """.formatted(provider.base(), model, folder).getBytes(StandardCharsets.UTF_8),
                folder,
                Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        -                                                                       | text/plain; version=0.0.4; charset=utf-8
        */*                                                                     | text/plain; version=0.0.4; charset=utf-8
        text/plain;version=0.0.4                                                | text/plain; version=0.0.4; charset=utf-8
        application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2       | application/openmetrics-text; version=1.0.0; charset=utf-8
        application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily | text/plain; version=0.0.4; charset=utf-8
        application/vnd.google.protobuf;q=0.6,application/openmetrics-text;q=0.5 | application/openmetrics-text; version=1.0.0; charset=utf-8
        """)
    void speaksTheFormatThatIsAskedFor(String accept, String contentType) throws Exception {
        HttpResponse<String> answer = scrape(accept);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains(contentType);
        assertThat(answer.headers().firstValue("vary")).contains("Accept");
    }

    @Test
    void isStrictlyWellFormedInBothFormats() throws Exception {
        ScrapeText older = ScrapeText.prometheus(scrape(null).body());
        ScrapeText newer = ScrapeText.openMetrics(scrape(OPEN_METRICS).body());

        assertThat(familiesOf(newer)).isEqualTo(familiesOf(older));
        assertThat(newer.families().get("gateway_held_body_bytes").unit()).isEqualTo("bytes");
        assertThat(newer.families().get("gateway_exchange_seconds").unit()).isEqualTo("seconds");
        assertThat(newer.families().get("gateway_build").type()).isEqualTo("info");
    }

    /**
     * Names without _total and _info, which only one format counts as part of them; and without what the JVM shows from its
     * first garbage collection on, which may come between two scrapes.
     */
    private static Set<String> familiesOf(ScrapeText text) {
        return text.families().keySet().stream()
                .map(name -> name.replaceFirst("_(total|info)$", ""))
                .filter(name -> !name.equals("jvm_memory_pool_allocated_bytes"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void passesTheLinterOfPrometheus() throws Exception {
        Assumptions.assumeTrue(runs("promtool", "--version"), "promtool is not installed");
        Path text = folder.resolve("scrape.txt");
        Files.writeString(text, scrape(null).body());
        Process linter = new ProcessBuilder("promtool", "check", "metrics")
                .redirectInput(text.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said).as("what promtool complains of").isEmpty();
        assertThat(linter.waitFor()).isZero();
    }

    @Test
    void showsWhatIsRunning() throws Exception {
        assertThat(ScrapeText.prometheus(scrape(null).body()).samples())
                .anySatisfy((series, value) -> {
                    assertThat(series)
                            .matches("gateway_build_info\\{netty=\"4[^\"]+\",transport=\"\\w+\",version=\"[^\"]+\"}");
                    assertThat(value).isOne();
                })
                .containsKeys("process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds")
                .containsKeys("jvm_memory_used_bytes{area=\"heap\"}", "jvm_threads_current")
                .containsEntry("gateway_config_last_reload_successful", 1.0)
                .containsEntry("gateway_exchanges_in_flight{phase=\"answering\"}", 0.0)
                .containsEntry("gateway_client_floods_total{of=\"frames\"}", 0.0)
                .containsEntry("gateway_client_floods_total{of=\"resets\"}", 0.0)
                .containsEntry("gateway_client_floods_total{of=\"heads\"}", 0.0)
                .containsEntry("gateway_object_owner_lookups_total{result=\"anothers\"}", 0.0)
                .containsEntry("gateway_upstream_leases_waiting", 0.0)
                .containsEntry("gateway_held_body_bytes", 0.0)
                .containsEntry("gateway_held_large_body_bytes", 0.0)
                .containsEntry("gateway_unfinished_head_bytes", 0.0)
                .containsEntry("gateway_unfinished_head_limit_bytes", 32.0 * 1024 * 1024)
                .containsEntry("gateway_kept_answer_bytes", 0.0)
                .containsEntry("gateway_counting_queue_length", 0.0)
                .containsEntry("gateway_counting_running", 0.0)
                .hasEntrySatisfying(
                        "gateway_held_body_limit_bytes",
                        limit -> assertThat(limit).isPositive())
                .hasEntrySatisfying(
                        "gateway_config_last_reload_success_timestamp_seconds",
                        seconds -> assertThat(seconds).isBetween(1.7e9, 1e11));
    }

    @Test
    void asksForNothingThatStopsEveryThread() throws Exception {
        assertThat(ScrapeText.prometheus(scrape(null).body()).families().keySet())
                .contains("jvm_threads_current")
                .noneMatch(name -> name.startsWith("jvm_threads_deadlocked"));
    }

    @Test
    void theManualNamesEveryKindOfFailure() throws Exception {
        String manual = Files.readString(root().resolve("docs/operations.md"));
        String row = manual.lines()
                .filter(line -> line.startsWith("| `gateway_attempts_total"))
                .findFirst()
                .orElseThrow();

        assertThat(UpstreamFailure.Kind.values())
                .allSatisfy(kind -> assertThat(row).contains("`" + Words.of(kind) + "`"));
    }

    @Test
    void countsTokensByConfiguredModelAndByKey() throws Exception {
        assertThat(ScrapeText.prometheus(scrape(null).body()).samples())
                .hasEntrySatisfying(
                        "gateway_tokens_total{kind=\"output\",model=\"m\",provider=\"sim\"}",
                        tokens -> assertThat(tokens).isPositive())
                .hasEntrySatisfying(
                        "gateway_tokens_total{kind=\"output\",model=\"other\",provider=\"sim\"}",
                        tokens -> assertThat(tokens).isPositive())
                .hasEntrySatisfying(
                        "gateway_tokens_total{kind=\"output\",model=\"wild-*\",provider=\"sim\"}",
                        tokens -> assertThat(tokens).isPositive())
                .noneSatisfy((series, value) -> assertThat(series).contains("wild-one"))
                .hasEntrySatisfying(
                        "gateway_key_tokens_total{key=\"team-a\",kind=\"input\",model=\"falls-over\"}",
                        tokens -> assertThat(tokens).isPositive())
                .containsEntry(
                        "gateway_attempts_total{failure=\"connect_error\",provider=\"dead\",status=\"none\"}", 1.0)
                .noneSatisfy((series, value) -> assertThat(series).contains("whatever"));
    }

    @Test
    void addsUpWhatRequestsHaveCostWhereThereArePrices() throws Exception {
        ScrapeText text = ScrapeText.openMetrics(scrape(OPEN_METRICS).body());

        assertThat(text.families().get("gateway_cost_usd").unit()).isEqualTo("usd");
        assertThat(ScrapeText.prometheus(scrape(null).body()).samples())
                .hasEntrySatisfying(
                        "gateway_cost_usd_total{model=\"m\",provider=\"sim\"}",
                        dollars -> assertThat(dollars).isPositive())
                .containsEntry("gateway_unpriced_attempts_total{model=\"wild-*\",provider=\"sim\"}", 2.0)
                .containsEntry("gateway_decisions_total{decision=\"ordered\",model=\"m\"}", 1.0);
    }

    @Test
    void showsHowTheLedgerKeepsUp() throws Exception {
        assertThat(ScrapeText.prometheus(scrape(null).body()).samples())
                .hasEntrySatisfying(
                        "gateway_ledger_rows_total", rows -> assertThat(rows).isNotNegative())
                .containsEntry("gateway_ledger_errors_total", 0.0)
                .containsEntry("gateway_ledger_dropped_total{reason=\"queue_full\"}", 0.0)
                .containsEntry("gateway_ledger_dropped_total{reason=\"lane_full\"}", 0.0)
                .containsKeys("gateway_ledger_queue_rows", "gateway_ledger_queue_bytes", "gateway_ledger_lag_seconds");
    }

    @Test
    void saysWhetherTheNewestConfigurationIsInForce() throws Exception {
        server.reloadFailed(List.of("a problem"));
        assertThat(ScrapeText.prometheus(scrape(null).body()).samples())
                .containsEntry("gateway_config_last_reload_successful", 0.0);

        server.reload(config("m"));
        assertThat(ScrapeText.prometheus(scrape(null).body()).samples())
                .containsEntry("gateway_config_last_reload_successful", 1.0);
    }

    @Test
    void theManualListsEveryMetricWithItsLabelsAndNoOther() throws Exception {
        Set<String> documented = ROW.matcher(Files.readString(root().resolve("docs/operations.md")))
                .results()
                .map(ScrapeTest::row)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> shown = new TreeSet<>();
        ScrapeText.prometheus(scrape(null).body()).families().forEach((name, family) -> {
            if (name.startsWith("gateway_")) {
                shown.add(name + new TreeSet<>(family.labels()));
            } else {
                assertThat(name).matches("(jvm|process)_\\w+");
            }
        });

        assertThat(documented).isEqualTo(shown);
    }

    @Test
    void alertsAndRecipesAskForMetricsThatExist() throws Exception {
        Set<String> families =
                ScrapeText.prometheus(scrape(null).body()).families().keySet();
        String manual = Files.readString(root().resolve("docs/operations.md"));
        int from = manual.indexOf("| question | PromQL |");
        String recipes = manual.substring(from, manual.indexOf("\n## ", from));

        for (String text : List.of(recipes, Files.readString(root().resolve("contrib/alerts.yaml")))) {
            assertThat(Pattern.compile("gateway_\\w+\\b(?!\")")
                            .matcher(text)
                            .results()
                            .map(name -> name.group().replaceFirst("_bucket$", ""))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(families).contains(name));
        }
    }

    @Test
    void theAlertsAreRulesThatPrometheusTakes() throws Exception {
        Assumptions.assumeTrue(runs("promtool", "--version"), "promtool is not installed");
        Process check = new ProcessBuilder(
                        "promtool",
                        "check",
                        "rules",
                        root().resolve("contrib/alerts.yaml").toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("SUCCESS");
        assertThat(check.waitFor()).isZero();
    }

    private static String row(MatchResult row) {
        return row.group(1)
                + new TreeSet<>(
                        row.group(2) == null ? Set.of() : Set.of(row.group(2).split(",")));
    }

    private static HttpResponse<String> scrape(String accept) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + "/metrics"));
        if (accept != null) {
            request.header("accept", accept);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void chat(String key, String model) throws Exception {
        CLIENT.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.address().getPort() + "/v1/chat/completions"))
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                                        .formatted(model)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            return false;
        }
    }

    /** The folder of the whole project, from wherever the tests run. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
