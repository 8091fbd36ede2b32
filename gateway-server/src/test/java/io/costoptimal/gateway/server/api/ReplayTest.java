package io.costoptimal.gateway.server.api;

import static io.costoptimal.gateway.server.api.MemoryLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Row;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rows would have cost by other routes. */
@Timeout(60)
class ReplayTest {

    private static final String CONFIG = """
            api_keys: [{key: k, name: team}]
            providers:
              - {id: a, base_url: "http://127.0.0.1:1"}
              - {id: b, base_url: "http://127.0.0.1:2"}
              - {id: tiny, base_url: "http://127.0.0.1:3"}
              - {id: free-of-prices, base_url: "http://127.0.0.1:4"}
            models:
              - {model: gpt-4o, providers: [a, {provider: b, model: small}]}
              - {model: "o*", providers: [b]}
            alias: [{model: chat, target: gpt-4o}]
            """;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** By provider: input, cached input and output in dollars for a million tokens, the window. */
    private static final Map<String, Price> PRICES = Map.of(
            "a", price(10, 5, 20, -1),
            "b", price(1, 1, 4, -1),
            "tiny", price(0, 0, 0, 1_000));

    private ApiServer api;

    private static Price price(long input, long cached, long output, long window) {
        return ModelPrice.builder()
                .version("test")
                .price(TokenClass.INPUT, input * 1_000_000_000)
                .price(TokenClass.CACHED_INPUT, cached * 1_000_000_000)
                .price(TokenClass.OUTPUT, output * 1_000_000_000)
                .window(window)
                .build();
    }

    @BeforeEach
    void start() throws Exception {
        Prices prices =
                (provider, model) -> model == null || model.equals("mystery") ? null : PRICES.get(provider.id());
        api = new ApiServer(CONFIG, true, prices);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** 1000 uncached and 500 cached input, 200 output: at a 0.0165 USD, at b 0.0023 USD. */
    private Row used(String request, String model) {
        Row row = row(Instant.now().minus(Duration.ofHours(1)).toString(), request, 1)
                .set(Column.MODEL_ASKED, model)
                .set(Column.COST_NANO_USD, 16_500_000)
                .set(Column.INPUT_TOKENS, 1_000)
                .set(Column.CACHED_INPUT_TOKENS, 500)
                .set(Column.OUTPUT_TOKENS, 200)
                .set(Column.INPUT_LOW, 1_000)
                .set(Column.INPUT_HIGH, 2_000);
        api.ledger.rows.add(row);
        return row;
    }

    @Test
    void theCheapestOfTheConfigurationsListsIsTaken() throws Exception {
        used("r1", "gpt-4o");
        used("r2", "chat");
        used("r3", "o3");
        JsonNode result = replay("{\"strategy\": \"cheapest\"}");

        assertThat(result.get("attempts").asLong()).isEqualTo(3);
        assertThat(result.get("replayed_attempts").asLong()).isEqualTo(3);
        assertThat(result.get("cost_nano_usd").asLong()).isEqualTo(49_500_000);
        assertThat(result.get("replayed_nano_usd").asLong()).isEqualTo(3 * 2_300_000);
        assertThat(result.get("saved_nano_usd").asLong()).isEqualTo(49_500_000 - 6_900_000);
        assertThat(result.get("models").toString())
                .isEqualTo("[{\"model\":\"gpt-4o\",\"replayed_attempts\":2,\"cost_nano_usd\":33000000,"
                        + "\"replayed_nano_usd\":4600000,\"saved_nano_usd\":28400000},"
                        + "{\"model\":\"o*\",\"replayed_attempts\":1,\"cost_nano_usd\":16500000,"
                        + "\"replayed_nano_usd\":2300000,\"saved_nano_usd\":14200000}]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"strategy": "ordered"}                                                             | 16500000
            {"strategy": "cheapest"}                                                            | 2300000
            {"models": [{"model": "gpt-4o", "providers": ["b"]}]}                               | 2300000
            {"models": [{"model": "gpt-*", "providers": ["b", "a"]}]}                           | 2300000
            {"models": [{"model": "gpt-4o", "providers": ["tiny", "b"]}]}                       | 2300000
            {"models": [{"model": "gpt-4o", "strategy": "cheapest", "providers": [{"provider": "b", "model": "mystery"}, "a"]}]} | 16500000
            {"models": [{"model": "gpt-4o", "strategy": "weighted", "providers": [{"provider": "a", "weight": 1}, {"provider": "b", "weight": 3}]}]} | 5850000
            {"models": [{"model": "gpt-4o", "rules": [{"rule": "Key == \\"team\\"", "providers": ["b"]}], "providers": ["a"]}]} | 2300000
            {"models": [{"model": "gpt-4o", "rules": [{"rule": "TokenCount > 2000", "providers": ["b"]}], "providers": ["a"]}]} | 16500000
            {"models": [{"model": "gpt-4o", "rules": [{"rule": "TokenCount >= 1000 && Stream", "providers": ["b"]}], "providers": ["a"]}]} | 2300000
            {"models": [{"model": "gpt-4o", "rules": [{"rule": "Path != \\"/v1/chat/completions\\"", "providers": ["b"]}], "providers": ["a"]}]} | 16500000
            {"models": [{"model": "gpt-4o", "rules": [{"rule": "!Stream && Headers[\\"x\\"] == \\"y\\"", "providers": ["b"]}], "providers": ["a"]}]} | 16500000
            {"models": [{"model": "gpt-4o", "rules": [{"rule": "Stream", "providers": ["b"]}, {"rule": "MaxTokens > 9", "providers": ["tiny"]}], "providers": ["a"]}]} | 2300000
            """)
    void aRowIsPricedWhereTheRoutesWouldHaveSentIt(String question, long cost) throws Exception {
        used("r1", "gpt-4o");
        JsonNode result = replay(question);

        assertThat(result.get("replayed_attempts").asLong()).isOne();
        assertThat(result.get("replayed_nano_usd").asLong()).isEqualTo(cost);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            facts_not_recorded | [{"model": "gpt-4o", "rules": [{"rule": "Headers[\\"x\\"] == \\"y\\"", "providers": ["b"]}], "providers": ["a"]}]
            facts_not_recorded | [{"model": "gpt-4o", "rules": [{"rule": "MaxTokens > 9", "providers": ["b"]}], "providers": ["a"]}]
            facts_not_recorded | [{"model": "gpt-4o", "rules": [{"rule": "ClientAddress != nil", "providers": ["b"]}], "providers": ["a"]}]
            facts_not_recorded | [{"model": "gpt-4o", "rules": [{"rule": "Cost(\\"a\\") > 1", "providers": ["b"]}], "providers": ["a"]}]
            tokens_not_counted | [{"model": "gpt-4o", "rules": [{"rule": "TokenCount > 1500", "providers": ["b"]}], "providers": ["a"]}]
            not_served         | [{"model": "gpt-5", "providers": ["b"]}]
            not_served         | [{"model": "gpt-4o", "providers": ["tiny"]}]
            no_price           | [{"model": "gpt-4o", "providers": ["free-of-prices"]}]
            """)
    void whatCannotBeKnownIsSaid(String why, String models) throws Exception {
        used("r1", "gpt-4o");
        JsonNode result = replay("{\"models\": " + models + "}");

        assertThat(result.get("replayed_attempts").asLong()).isZero();
        assertThat(result.get("not_replayed").get(why).asLong()).isOne();
        assertThat(result.get("cost_nano_usd").asLong()).isZero();
        assertThat(result.get("models")).isEmpty();
    }

    @Test
    void whatARuleRefusesWouldHaveCostNothing() throws Exception {
        used("r1", "gpt-4o");
        JsonNode result = replay("{\"models\": [{\"model\": \"gpt-4o\", \"rules\": [{\"rule\": \"Stream\","
                + " \"reject\": {\"status\": 403, \"message\": \"no\"}}], \"providers\": [\"a\"]}]}");

        assertThat(result.get("refused_attempts").asLong()).isOne();
        assertThat(result.get("saved_nano_usd").asLong()).isEqualTo(16_500_000);
    }

    @Test
    void attemptsWithoutUsageOrCostAreLeftOut() throws Exception {
        used("r1", "gpt-4o").set(Column.TOKEN_SOURCE, "none");
        used("r2", "gpt-4o").set(Column.COST_NANO_USD, Row.ABSENT);
        used("r3", "gpt-4o").set(Column.STARTED_AT, 0);
        JsonNode result = replay("{\"days\": 3660, \"strategy\": \"cheapest\"}");

        assertThat(result.get("attempts").asLong()).isEqualTo(2);
        assertThat(result.get("not_replayed").get("no_usage").asLong()).isOne();
        assertThat(result.get("not_replayed").get("no_cost").asLong()).isOne();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                          | strategy: nothing (expected: strategy or models)
            {"strategy": "weighted"}                    | strategy: weighted (expected: ordered or cheapest; weights are for models)
            {"strategy": "ordered", "models": []}       | strategy: ordered (expected: strategy or models, not both)
            {"days": 0, "strategy": "ordered"}          | days: 0 (expected: 1 to 3660)
            {"models": [{"model": "m", "providers": ["x"]}]} | models:1:
            {"models": [{"model": "m", "providers": [{"provider": "a", "price_as": "openai/gpt-4o"}]}]} | models:1:
            {"models": 5}                               | models:1:9: models: 5 (expected: a list)
            {"models": [{"model": "m", "providers": ["a"], "rules": [{"rule": "Nonsense > 1", "providers": ["a"]}]}]} | models:1:
            """)
    void saysWhatIsWrongWithAQuestion(String question, String message) throws Exception {
        HttpResponse<String> answer = api.post("/replay", question);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(MAPPER.readTree(answer.body()).at("/error/message").asText()).startsWith(message);
    }

    private JsonNode replay(String question) throws Exception {
        HttpResponse<String> answer = api.post("/replay", question);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body());
    }
}
