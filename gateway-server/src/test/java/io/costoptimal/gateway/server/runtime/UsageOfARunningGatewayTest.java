package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.costoptimal.gateway.server.api.OpenApi;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a client's request to the API: engine, journal, ledger in a file, and what is asked of it. */
@Timeout(60)
class UsageOfARunningGatewayTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final OpenApi description = OpenApi.read();

    @TempDir
    Path folder;

    @Test
    void whatARequestUsedAndCostIsToldByTheApi() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring("t"));
                GatewayServer server = GatewayServer.start(ConfigFile.parse(
                        "gateway.yaml",
                        """
                        listen: 127.0.0.1:0
                        admin: {listen: 127.0.0.1:0}
                        event_loops: 1
                        api_keys: [{key: client-key, name: team}, {key: admin-key, name: ops, role: admin}]
                        providers:
                          - {id: dead, base_url: "http://127.0.0.1:1/v1", access_token: t}
                          - {id: sim, base_url: "%s/v1", access_token: t}
                        models: [{model: m, providers: [dead, sim]}]
                        prices:
                          - {provider: dead, model: m, input: 10, output: 10}
                          - {provider: sim, model: m, input: 1, output: 2}
                        save_usage: true
                        storage_uri: file:%s
                        """.formatted(provider.base(), folder.resolve("usage.db"))
                                .getBytes(StandardCharsets.UTF_8),
                        folder,
                        Map.of()))) {
            chat(server);
            JsonNode attempts = attempts(server, 2);

            JsonNode failed = attempts.get(0);
            assertThat(failed.get("provider").asText()).isEqualTo("dead");
            assertThat(failed.get("outcome").asText()).isEqualTo("failed");
            assertThat(failed.get("cost_nano_usd").asLong()).isZero();
            JsonNode served = attempts.get(1);
            assertThat(served.get("attempt").asInt()).isEqualTo(2);
            assertThat(served.get("key").asText()).isEqualTo("team");
            assertThat(served.get("token_source").asText()).isEqualTo("reported");
            long cost = 1_000 * served.get("input_tokens").asLong()
                    + 2_000 * served.get("output_tokens").asLong();
            assertThat(served.get("cost_nano_usd").asLong()).isEqualTo(cost).isPositive();

            String id = served.get("request_id").asText();
            assertThat(ask(server, "GET", "/usage/" + id, "").get("data")).hasSize(2);
            JsonNode sums =
                    ask(server, "GET", "/usage/summary?group=provider", "").get("data");
            assertThat(sums.findValuesAsText("provider")).containsExactly("dead", "sim");
            assertThat(sums.get(1).get("cost_nano_usd").asLong()).isEqualTo(cost);
            assertThat(sums.get(1).get("failovers").asLong()).isOne();
            JsonNode replayed = ask(server, "POST", "/replay", "{\"strategy\": \"cheapest\", \"days\": 1}");
            assertThat(replayed.get("replayed_attempts").asLong()).isOne();
            assertThat(replayed.get("replayed_nano_usd").asLong()).isEqualTo(cost);
            JsonNode prices = ask(server, "GET", "/prices", "").get("data");
            assertThat(prices.findValuesAsText("input_nano_usd")).containsExactly("10000000000", "1000000000");
        }
    }

    private void chat(GatewayServer server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/v1/chat/completions"))
                .header("authorization", "Bearer client-key")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    /** Rows reach the ledger a moment after the answer; asks until they are there. */
    private JsonNode attempts(GatewayServer server, int count) throws Exception {
        while (true) {
            JsonNode rows = ask(server, "GET", "/usage?order=asc", "").get("data");
            if (rows.size() == count) {
                return rows;
            }
        }
    }

    private JsonNode ask(GatewayServer server, String method, String target, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + target);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("authorization", "Bearer admin-key")
                .header("content-type", "application/json")
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        description.check(method, uri.getRawPath(), 200, "application/json", answer.body());
        return MAPPER.readTree(answer.body());
    }
}
