package io.costoptimal.gateway.server.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the ledger of an answer that tells no usage. */
@Timeout(60)
class CountedUsageTest {

    private static final String BODY =
            "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"How do you do?\"}]}";
    private static final String EVENT = "data: {\"choices\":[{\"delta\":{\"content\":\"Very well, thank you.\"}}]}\n\n";

    @TempDir
    private Path directory;

    @Test
    void aCutStreamHasARowWithItsTokensAlsoWhenTheServerClosesAtOnce() throws Exception {
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 9_999);
            exchange.getResponseBody().write(EVENT.getBytes(UTF_8));
            exchange.getResponseBody().flush();
            exchange.close();
        });
        provider.start();
        try (GatewayServer server = GatewayServer.start(config(provider))) {
            ask(server);
        } finally {
            provider.stop(0);
        }

        Row row = rows().get(0);
        assertThat(row.text(Column.TOKEN_SOURCE)).isIn("counted", "estimated");
        assertThat(row.number(Column.INPUT_TOKENS)).isPositive();
        assertThat(row.number(Column.OUTPUT_TOKENS)).isEqualTo(6);
        assertThat(row.number(Column.COST_NANO_USD)).isPositive();
    }

    private List<Row> rows() throws Exception {
        try (SqliteStore store =
                new SqliteStore(SqliteFiles.of("file:" + directory.resolve("u.db")), Clock.systemUTC())) {
            LedgerQueries queries = store.queries(Duration.ofSeconds(10));
            return queries.rows(new Filter(0, Long.MAX_VALUE, Map.of()), null, 10, Order.OLDEST_FIRST);
        }
    }

    private GatewayConfig config(HttpServer provider) throws Exception {
        String yaml = """
                listen: 127.0.0.1:0
                event_loops: 1
                api_keys: [secret]
                providers:
                  - {id: a, base_url: "http://127.0.0.1:%d/v1"}
                models:
                  - {model: gpt-4o, providers: [a]}
                prices:
                  - {provider: a, model: gpt-4o, input: 2.50, output: 10}
                save_usage: true
                storage_type: sqlite
                storage_uri: "file:%s"
                """.formatted(provider.getAddress().getPort(), directory.resolve("u.db"));
        return ConfigFile.parse("gateway.yaml", yaml.getBytes(UTF_8), Path.of("."), Map.of());
    }

    private static void ask(GatewayServer server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/v1/chat/completions"))
                .header("Authorization", "Bearer secret")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        try {
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            throw new AssertionError("the answer was taken for whole");
        } catch (IOException cut) {
            assertThat(cut).isNotNull();
        }
    }
}
