package io.costoptimal.gateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API tells of the engine: running requests, providers, explanations. */
@Timeout(60)
class EngineApiTest {

    private static final String CONFIG = """
            api_keys: [{key: client-key, name: team, models: ["gpt-*", small]}, {key: o, name: ops, role: admin}]
            providers:
              - {id: a, base_url: "http://127.0.0.1:%s/v1", access_token: hush-1, headers: {x-secret: hush-2}}
              - {id: b, type: anthropic, base_url: "https://api.anthropic.com", access_token: hush-3}
              - {id: c, base_url: "https://c.test:444/v1", credential: client}
            models:
              - model: gpt-4o
                rules: [{rule: 'TokenCount > 100 && Headers["x-team"] == "edge"', providers: {b: claude}}]
                providers: [a]
              - {model: small, providers: [c]}
            """;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void showsRequestsThatAreOnTheirWay() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
                    connection.await(rest);
                });
                ApiServer api = new ApiServer(CONFIG.formatted(origin.port()), false);
                RawClient client = RawClient.connect(api.gateway().port())) {
            assertThat(json(api.get("/live")).get("data")).isEmpty();
            String body = "{\"model\":\"gpt-4o\",\"stream\":true}";
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer client-key\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            client.readUntil("data: 1\n\n");

            JsonNode live = json(api.get("/live"));
            assertThat(live.get("total").asInt()).isOne();
            JsonNode seen = live.get("data").get(0);
            assertThat(seen.get("key").asText()).isEqualTo("team");
            assertThat(seen.get("model").asText()).isEqualTo("gpt-4o");
            assertThat(seen.get("provider").asText()).isEqualTo("a");
            assertThat(seen.get("stream").asBoolean()).isTrue();
            assertThat(seen.get("phase").asText()).isEqualTo("answering");
            assertThat(seen.get("attempt").asInt()).isOne();
            assertThat(seen.get("request_bytes").asInt()).isEqualTo(body.length());
            assertThat(seen.get("response_bytes").asInt()).isPositive();

            rest.countDown();
            client.readToEnd();
            api.gateway().nextEnd();
            assertThat(json(api.get("/live")).get("data")).isEmpty();
        }
    }

    @Test
    void showsProvidersAndNoSecretOfTheirs() throws Exception {
        try (ApiServer api = new ApiServer(CONFIG.formatted(1), false)) {
            HttpResponse<String> answer = api.get("/providers");
            JsonNode providers = json(answer).get("data");

            assertThat(answer.body()).doesNotContain("hush", "x-secret");
            assertThat(providers.findValuesAsText("id")).containsExactly("a", "b", "c");
            assertThat(providers.findValuesAsText("type")).containsExactly("openai", "anthropic", "openai");
            assertThat(providers.findValuesAsText("host"))
                    .containsExactly("127.0.0.1:1", "api.anthropic.com", "c.test:444");
            assertThat(providers.findValuesAsText("credential")).containsExactly("gateway", "gateway", "client");
            assertThat(providers.findValuesAsText("attempts")).containsOnly("7");
            assertThat(providers.findValuesAsText("failures")).containsOnly("2");
            assertThat(providers.findValuesAsText("failing")).containsExactly("false", "true", "false");
        }
    }

    @Test
    void showsThePricesInForceWithTheirTiers() throws Exception {
        Price tiered = ModelPrice.builder()
                .model("vendor/big")
                .version("config")
                .window(1_000_000)
                .fee(500_000)
                .price(TokenClass.INPUT, 3_000_000_000L)
                .price(TokenClass.CACHED_INPUT, 300_000_000)
                .price(TokenClass.OUTPUT, 15_000_000_000L)
                .above(200_000)
                .price(TokenClass.INPUT, 6_000_000_000L)
                .build();
        Prices prices = (provider, model) -> provider.id().equals("a") ? tiered : null;
        try (ApiServer api = new ApiServer(CONFIG.formatted(1), false, prices)) {
            JsonNode rows = json(api.get("/prices")).get("data");

            assertThat(rows.findValuesAsText("provider")).containsExactly("a", "a", "b", "c");
            assertThat(rows.findValuesAsText("model")).containsExactly("gpt-4o", "gpt-4o", "claude", "small");
            JsonNode first = rows.get(0);
            assertThat(first.get("above").isNull()).isTrue();
            assertThat(first.get("input_nano_usd").asLong()).isEqualTo(3_000_000_000L);
            assertThat(first.get("cache_write_nano_usd").asLong()).isEqualTo(3_000_000_000L);
            assertThat(first.get("reasoning_nano_usd").asLong()).isEqualTo(15_000_000_000L);
            assertThat(first.get("audio_input_nano_usd").isNull()).isTrue();
            assertThat(first.get("per_request_nano_usd").asLong()).isEqualTo(500_000);
            assertThat(first.get("context").asLong()).isEqualTo(1_000_000);
            assertThat(first.get("max_output").isNull()).isTrue();
            assertThat(first.get("version").asText()).isEqualTo("config");
            assertThat(first.get("derived").toString()).isEqualTo("[\"cache_write\",\"cache_write_1h\",\"reasoning\"]");
            JsonNode above = rows.get(1);
            assertThat(above.get("above").asLong()).isEqualTo(200_000);
            assertThat(above.get("input_nano_usd").asLong()).isEqualTo(6_000_000_000L);
            assertThat(above.get("cached_input_nano_usd").asLong()).isEqualTo(600_000_000);
            JsonNode none = rows.get(2);
            assertThat(none.get("version").isNull()).isTrue();
            assertThat(none.get("input_nano_usd").isNull()).isTrue();
        }
    }

    @Test
    void explainsARequestByTheConfigurationInForce() throws Exception {
        try (ApiServer api = new ApiServer(CONFIG.formatted(1), false)) {
            String text = "word ".repeat(200);
            String body =
                    "{\"model\": \"gpt-4o\", \"messages\": [{\"role\": \"user\", \"content\": \"" + text + "\"}]}";
            JsonNode edge = json(api.post(
                    "/explain",
                    "{\"path\": \"/v1/chat/completions\", \"body\": " + body
                            + ", \"headers\": {\"X-Team\": \"edge\"}, \"key\": \"team\"}"));
            assertThat(edge.get("candidates").get(0).get("provider").asText()).isEqualTo("b");
            assertThat(edge.get("candidates").get(0).get("model").asText()).isEqualTo("claude");
            assertThat(edge.get("tokens").get("counted").asBoolean()).isTrue();

            String quoted = MAPPER.writeValueAsString(body);
            JsonNode others =
                    json(api.post("/explain", "{\"path\": \"/v1/chat/completions\", \"body\": " + quoted + "}"));
            assertThat(others.get("candidates").get(0).get("provider").asText()).isEqualTo("a");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"path": "/v1/chat/completions", "body": {"model": "big"}}                  | 404
            {"path": "/v1/chat/completions", "body": {"model": "big"}, "key": "team"}   | 403
            {"path": "/v1/chat/completions", "body": "{"}                               | 400
            {"path": "/v1/nothing", "body": {}}                                         | 404
            """)
    void explainsWhyARequestWouldBeRefused(String question, int status) throws Exception {
        try (ApiServer api = new ApiServer(CONFIG.formatted(1), false)) {
            assertThat(json(api.post("/explain", question))
                            .at("/refused/status")
                            .asInt())
                    .isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"body": {}}                              | path: nothing (expected: a path such as /v1/chat/completions)
            {"path": "/v1/x y", "body": {}}           | path: /v1/x y (expected: a path as it is sent, without blanks)
            {"path": "/v1/x"}                         | body: nothing (expected: the body of a request, as an object or as a text)
            {"path": "/v1/x", "body": {}, "key": "x"} | key: x (expected: one of team, ops)
            {"path": "/v1/x", "body": {}, "headers": {"a\\r\\nb": "c"}} | headers: a
            {"path": "/v1/x", "body": {}, "headers": []} | headers: [] (expected: an object of texts)
            {"path": 5, "body": {}}                   | path: 5 (expected: a text)
            """)
    void saysWhatIsWrongWithAQuestionToExplain(String question, String message) throws Exception {
        try (ApiServer api = new ApiServer(CONFIG.formatted(1), false)) {
            HttpResponse<String> answer = api.post("/explain", question);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(MAPPER.readTree(answer.body()).at("/error/message").asText())
                    .startsWith(message);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body());
    }
}
