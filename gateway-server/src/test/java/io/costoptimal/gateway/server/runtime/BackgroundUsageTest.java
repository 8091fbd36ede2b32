package io.costoptimal.gateway.server.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.postgres.PostgresAddress;
import io.costoptimal.gateway.server.ledger.postgres.PostgresServer;
import io.costoptimal.gateway.server.ledger.postgres.PostgresStore;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ledger has the usage of a response in the background once, with the request that has begun it. */
@Timeout(60)
class BackgroundUsageTest {

    private static final Pattern ID = Pattern.compile("\"id\": ?\"(resp_[^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void inAFile() throws Exception {
        String uri = "file:" + folder.resolve("usage.db");
        begunBeforeARestartAndReadAgainAndAgain("sqlite", uri);
        try (SqliteStore store = new SqliteStore(SqliteFiles.of(uri), Clock.systemUTC())) {
            assertOnce(store);
        }
    }

    @Test
    void inPostgreSql() throws Exception {
        String uri = PostgresServer.shared().address();
        begunBeforeARestartAndReadAgainAndAgain("postgres", uri);
        try (PostgresStore store = new PostgresStore(PostgresAddress.of(uri), Clock.systemUTC())) {
            assertOnce(store);
        }
    }

    private void begunBeforeARestartAndReadAgainAndAgain(String type, String uri) throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS)) {
            String config = """
                    listen: 127.0.0.1:0
                    event_loops: 1
                    api_keys: [secret]
                    providers:
                      - {id: sim, base_url: '%s/v1'}
                    models:
                      - {model: 'gpt-*', providers: [sim]}
                    prices:
                      - {provider: sim, model: gpt-4o, input: 2.50, output: 10}
                    save_usage: true
                    storage_type: %s
                    storage_uri: '%s'
                    """.formatted(provider.base(), type, uri);
            String id;
            try (GatewayServer server = start(config)) {
                String body = "{\"model\":\"gpt-4o\",\"input\":\"Hello\",\"background\":true}";
                Matcher found = ID.matcher(ask(server, "POST", "", body));
                assertThat(found.find()).isTrue();
                id = "/" + found.group(1);
            }
            for (int restart = 0; restart < 2; restart++) {
                try (GatewayServer server = start(config)) {
                    for (int i = 0; i < 2; i++) {
                        assertThat(ask(server, "GET", id, "")).contains("\"completed\"");
                    }
                }
            }
        }
    }

    private static void assertOnce(LedgerStore store) throws Exception {
        List<Row> rows = store.queries(Duration.ofSeconds(10))
                .rows(new Filter(0, Long.MAX_VALUE, Map.of()), null, 100, Order.OLDEST_FIRST);
        List<Row> told =
                rows.stream().filter(row -> row.has(Column.INPUT_TOKENS)).toList();
        assertThat(rows).hasSize(5);
        assertThat(told).hasSize(1);
        Row usage = told.get(0);
        Row begun = rows.stream()
                .filter(row -> row.text(Column.OPERATION).equals("/v1/responses"))
                .findFirst()
                .orElseThrow();
        assertThat(usage.text(Column.OPERATION)).isEqualTo("/v1/responses/{response_id}");
        assertThat(usage.text(Column.REQUEST_ID)).isEqualTo(begun.text(Column.REQUEST_ID));
        assertThat(usage.number(Column.STARTED_AT)).isEqualTo(begun.number(Column.STARTED_AT));
        assertThat(usage.number(Column.ATTEMPT)).isEqualTo(2);
        assertThat(usage.text(Column.TOKEN_SOURCE)).isEqualTo("reported");
        assertThat(usage.text(Column.MODEL)).isEqualTo("gpt-*");
        assertThat(usage.text(Column.MODEL_SENT)).isEqualTo("gpt-4o");
        assertThat(usage.number(Column.COST_NANO_USD))
                .isEqualTo(2_500 * usage.number(Column.INPUT_TOKENS) + 10_000 * usage.number(Column.OUTPUT_TOKENS));
        assertThat(begun.text(Column.TOKEN_SOURCE)).isEqualTo("none");
        assertThat(begun.number(Column.COST_NANO_USD)).isZero();
        assertThat(rows.stream()
                        .filter(row -> row.has(Column.COST_NANO_USD))
                        .mapToLong(row -> row.number(Column.COST_NANO_USD))
                        .sum())
                .isEqualTo(usage.number(Column.COST_NANO_USD));
    }

    private GatewayServer start(String config) throws Exception {
        return GatewayServer.start(ConfigFile.parse("gateway.yaml", config.getBytes(UTF_8), folder, Map.of()));
    }

    private String ask(GatewayServer server, String method, String id, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/v1/responses" + id))
                .header("authorization", "Bearer secret")
                .header("content-type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
