package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import io.costoptimal.gateway.server.prices.PriceSheet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which price holds for a provider and the name sent to it, and what a file may say of prices. */
class PriceConfigTest {

    private static final String KEYS = "api_keys: [\"sha256:" + "0".repeat(64) + "\"]\n";

    private static final String SEVERAL = KEYS + """
            providers:
              - {id: official, base_url: https://api.openai.com/v1}
              - {id: claude, type: anthropic, base_url: https://api.anthropic.com}
              - {id: az, type: azure, base_url: https://res.openai.azure.com, price_as: azure/*}
              - {id: one, base_url: https://one.example.com, price_as: openai/gpt-4o}
              - {id: plain, base_url: https://plain.example.com}
              - {id: cloud, type: azure, base_url: https://other.openai.azure.com}
              - {id: insecure, base_url: http://api.openai.com/v1}
              - {id: plan, base_url: https://api.z.ai/api/coding/paas/v4}
              - {id: house, base_url: https://house.example.com}
              - {id: openai, base_url: https://elsewhere.example.com}
            models:
              - model: m
                providers:
                  - {provider: az, model: prod-1, price_as: openai/gpt-4o-mini}
                  - {provider: plain, model: big, price_as: openai/gpt-4.1}
              - model: team-*
                providers: [{provider: plain, price_as: openai/gpt-4o}, {provider: official, price_as: openai/o3}]
            prices:
              - {provider: official, model: gpt-4o, input: 2, output: 9}
              - {provider: plain, model: team-x, input: 7, output: 8}
              - {provider: nobody, model: gpt-4o, input: 2, output: 9}
            prices_file: list.csv
            """;

    private static final String LIST = """
            # date: 2026-11-20
            vendor,model,input,output
            openai,o3,1.5,6
            azure,gpt-4.1,1.9,7
            house,h-1,4,5
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                // prices first
                "official, gpt-4o,                       2,    config,                     openai/gpt-4o",
                "plain,    team-x,                       7,    config,                     openai/gpt-4o",
                // a vendor's public API: prices_file, then the catalogue
                "official, o3,                           1.5,  file:list.csv@2026-11-20,   openai/o3",
                "official, gpt-4o-mini,                  0.15, catalogue@2026-11-27,       openai/gpt-4o-mini",
                "official, gpt-4o-mini-2024-07-18,       0.15, catalogue@2026-11-27,       openai/gpt-4o-mini",
                "official, o3-2025-04-16,                1.5,  file:list.csv@2026-11-20,   openai/o3",
                "official, gpt-4o-2024-05-13,            5,    catalogue@2026-11-27,       openai/gpt-4o-2024-05-13",
                "claude,   claude-sonnet-4-5,            3,    catalogue@2026-11-27,       anthropic/claude-sonnet-4-5",
                "official, gpt-9,                        none, none,                       none",
                "official, big,                          none, none,                       none",
                // price_as of a provider
                "az,       gpt-4o,                       2.5,  catalogue@2026-11-27,       openai/gpt-4o",
                "az,       gpt-4.1,                      1.9,  file:list.csv@2026-11-20,   openai/gpt-4.1",
                "az,       gpt-5-chat,                   1.25, catalogue@2026-11-27,       azure/gpt-5-chat",
                "one,      whatever,                     2.5,  catalogue@2026-11-27,       openai/gpt-4o",
                // price_as of a candidate
                "az,       prod-1,                       0.15, catalogue@2026-11-27,       openai/gpt-4o-mini",
                "plain,    big,                          2,    catalogue@2026-11-27,       openai/gpt-4.1",
                "plain,    team-y,                       2.5,  catalogue@2026-11-27,       openai/gpt-4o",
                "official, team-y,                       1.5,  file:list.csv@2026-11-20,   openai/o3",
                // nobody's public API
                "plain,    gpt-4o,                       none, none,                       none",
                "cloud,    gpt-4o,                       none, none,                       none",
                "insecure, gpt-4o,                       none, none,                       none",
                "plan,     glm-4.6,                      none, none,                       none",
                "openai,   gpt-4o,                       none, none,                       none",
                // a provider that prices_file calls by its id
                "house,    h-1,                          4,    file:list.csv@2026-11-20,   house/h-1",
                "house,    h-2,                          none, none,                       none",
            })
    void thePriceInForceIs(String provider, String model, String input, String version, String name) throws Exception {
        GatewayConfig config = load(SEVERAL);

        Price price = config.snapshot().prices().of(config.routing().providers().get(provider), model);

        assertThat(price == null ? null : Unit.USD.show(price.inputPrice())).isEqualTo(input);
        assertThat(price == null ? null : price.version()).isEqualTo(version);
        assertThat(price == null ? null : price.model()).isEqualTo(name);
    }

    @Test
    void readsEveryKeyOfAPrice() throws Exception {
        GatewayConfig config = load(KEYS + """
                providers: [{id: house, base_url: https://house.example.com}]
                prices:
                  - {provider: house, model: big-1, input: 3, cached_input: 0.30, cache_write: 3.75, cache_write_1h: 6, output: 15, reasoning: 16,
                     audio_input: 40, audio_output: 80, per_request: 0.0005, context: 1000000, max_output: 64000,
                     tiers: [{above: 200000, input: 6, cached_input: 0.60, cache_write: 7.50, output: 22.50}]}
                """);

        ModelPrice price = (ModelPrice)
                config.routing().prices().of(config.routing().providers().get("house"), "big-1");

        assertThat(Stream.of(TokenClass.values()).map(kind -> Unit.USD.show(price.price(0, kind))))
                .containsExactly("3", "0.3", "3.75", "6", "40", "15", "16", "80");
        assertThat(price.above(1)).isEqualTo(200_000);
        assertThat(Stream.of(TokenClass.values()).map(kind -> Unit.USD.show(price.price(1, kind))))
                .containsExactly("6", "0.6", "7.5", "12", "80", "22.5", "24", "120");
        assertThat(price.fee()).isEqualTo(500_000);
        assertThat(price.contextWindow()).isEqualTo(1_000_000);
        assertThat(price.maxOutput()).isEqualTo(64_000);
        assertThat(price.version()).isEqualTo("config");
        assertThat(price.model()).isNull();
        assertThat(price.tokenizer()).isNull();
    }

    @Test
    void readsWhatRatesAndToolsCost() throws Exception {
        GatewayConfig config = load(KEYS + """
                providers: [{id: house, base_url: https://house.example.com}]
                prices:
                  - {provider: house, model: big-1, input: 3, output: 15, service_tiers: {flex: 0.5, priority: 1.75}, speeds: {fast: 6},
                     inference_geos: {us: 1.1}, server_tools: {web_search_requests: 0.01}}
                """);

        ModelPrice price = (ModelPrice)
                config.routing().prices().of(config.routing().providers().get("house"), "big-1");

        assertThat(price.extras().named())
                .isEqualTo(Map.of(
                        Kind.SERVICE_TIER, Map.of("flex", 500_000L, "priority", 1_750_000L),
                        Kind.SPEED, Map.of("fast", 6_000_000L),
                        Kind.INFERENCE_GEO, Map.of("us", 1_100_000L),
                        Kind.SERVER_TOOL, Map.of("web_search_requests", 10_000_000L)));
        assertThat(PriceSheet.lines(price).lines().map(line -> line.trim().replaceAll(" +", " ")))
                .contains("service_tier flex x 0.5", "speed fast x 6", "server_tool web_search_requests 0.01 each");
    }

    @Test
    void anHourInACacheCostsTwiceTheInputWithModelsOfAnthropicsWhoeverSellsThem() throws Exception {
        GatewayConfig config = load(KEYS + """
                providers:
                  - {id: claude, type: anthropic, base_url: https://api.anthropic.com}
                  - {id: az, type: azure, base_url: https://res.services.ai.azure.com, price_as: azure/*}
                  - {id: reseller, base_url: https://reseller.example.com}
                prices:
                  - {provider: reseller, model: anthropic.claude-x, input: 4, cache_write: 5, output: 20}
                  - {provider: reseller, model: claude-x, input: 4, cache_write: 5, output: 20}
                """);

        assertThat(hour(config, "claude", "claude-sonnet-4-5")).isEqualTo("6");
        assertThat(hour(config, "az", "claude-sonnet-4-5")).isEqualTo("6");
        assertThat(hour(config, "reseller", "claude-x")).isEqualTo("8");
        assertThat(hour(config, "reseller", "anthropic.claude-x")).isEqualTo("5");
    }

    private static String hour(GatewayConfig config, String provider, String model) {
        Price price = config.routing().prices().of(config.routing().providers().get(provider), model);
        return Unit.USD.show(((ModelPrice) price).price(0, TokenClass.CACHE_WRITE_1H));
    }

    @Test
    void onlyModelsOfOpenAisAreCountedAsTheirVendorCountsThem() throws Exception {
        GatewayConfig config = load(SEVERAL);

        assertThat(tokenizer(config, "official", "gpt-4o")).isEqualTo("o200k_base");
        assertThat(tokenizer(config, "official", "gpt-4")).isEqualTo("cl100k_base");
        assertThat(tokenizer(config, "az", "prod-1")).isEqualTo("o200k_base");
        assertThat(tokenizer(config, "claude", "claude-sonnet-4-5")).isNull();
    }

    private static String tokenizer(GatewayConfig config, String provider, String model) {
        Price price = config.routing().prices().of(config.routing().providers().get(provider), model);
        return ((ModelPrice) price).tokenizer();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models: [{model: m, providers: [a, b]}]                                                       | false",
                "models: [{model: m, strategy: weighted, providers: [a, {provider: b, weight: 2}]}]            | false",
                "save_usage: true                                                                              | true",
                "models: [{model: m, strategy: cheapest, providers: [a, b]}]                                   | true",
                "models: [{model: m, providers: [a], rules: [{rule: 1 < 2, strategy: cheapest, providers: [a]}]}] | true",
                "models: [{model: m, providers: [{provider: a, price_as: openai/gpt-4o}]}]                     | true",
                "models: [{model: m, providers: [a], rules: [{rule: 'Cost(\"a\") < 1', providers: [a]}]}]       | true",
                "prices: [{provider: a, model: m, input: 1, output: 2}]                                        | true",
                "prices_file: list.csv                                                                         | true",
            })
    void thereAreNoPricesWhereNothingAsksForThem(String line, boolean prices) throws Exception {
        GatewayConfig config = load(Configs.LEAST + line + "\n");

        assertThat(config.snapshot().prices() != Prices.NONE).isEqualTo(prices);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void refusesAndSaysWhere(String yaml, List<String> expected) throws Exception {
        assertThatThrownBy(() -> load(Configs.LEAST + yaml))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems().stream().map(Problem::toString))
                                .containsExactlyElementsOf(expected));
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                price("input: -1, output: 1", "3:41: input: -1 (expected: dollars such as 2.50)"),
                price("input: .nan, output: 1", "3:41: input: .nan (expected: dollars such as 2.50)"),
                price("input: 1e3, output: 1", "3:41: input: 1e3 (expected: dollars such as 2.50)"),
                price("input: '1', output: 1", "3:41: input: 1 (expected: a number without quotes)"),
                price("input: 100001, output: 1", "3:41: input: 100001 (expected: 0 to 100000)"),
                price(
                        "input: 0.0000000001, output: 1",
                        "3:41: input: 0.0000000001 (expected: dollars such as 2.50, with at most nine decimals)"),
                price("input: 1", "3:10: missing key: output"),
                price("output: 1", "3:10: missing key: input"),
                price("input: 1, output: 1, ouput: 2", "3:55: unknown key: ouput (nearest: output)"),
                price("input: 1, output: 1, context: 0", "3:64: context: 0 (expected: 1 to 1000000000)"),
                price("input: 1, output: 1, per_request: 1001", "3:68: per_request: 1001 (expected: 0 to 1000)"),
                price(
                        "input: 1, output: 1, speeds: {fast: -2}",
                        "3:70: fast: -2 (expected: a number such as 0.5, with at most six decimals)"),
                price("input: 1, output: 1, speeds: {fast: 1001}", "3:70: fast: 1001 (expected: 0 to 1000)"),
                price("input: 1, output: 1, speeds: {fast: '2'}", "3:70: fast: 2 (expected: a number without quotes)"),
                price("input: 1, output: 1, speeds: 2", "3:63: speeds: 2 (expected: a map)"),
                price("input: 1, output: 1, server_tools: {search: 2}", "3:78: search: 2 (expected: 0 to 1)"),
                price(
                        "input: 1, output: 1, tiers: [{above: 200, input: 2}, {above: 100, input: 3}]",
                        "3:10: above: 100 (expected: tiers in rising order, each once)"),
                price(
                        "input: 1, output: 1, tiers: [{above: 200}]",
                        "3:63: no price (expected: at least one that" + " differs)"),
                price("input: 1, output: 1, tiers: [{input: 2}]", "3:63: missing key: above"),
                price(
                        "input: 0.000000001, output: 1, cached_input: 100, tiers: [{above: 9, input: 100000}]",
                        "3:10: tiers: a price that follows from the others is too high (expected: cached_input and the like in the tier, too)"),
                row(
                        "prices: [{provider: a, model: m, input: 1, output: 1}, {provider: a, model: m, input: 1, output: 1}]",
                        "3:77: model: m (expected: each model of a provider once)"),
                row(
                        "prices: [{provider: a, model: m-*, input: 1, output: 1}]",
                        "3:31: model: m-* (expected: one name; * has no meaning here)"),
                row(
                        "models: [{model: m, providers: [{provider: a, price_as: opnai/gpt-4o}]}]",
                        "3:57: unknown model: opnai/gpt-4o (nearest: openai/gpt-4o) (expected: one of the catalogue or of"
                                + " prices_file)"),
                row(
                        "models: [{model: m, providers: [{provider: a, price_as: gpt-4o}]}]",
                        "3:57: price_as: gpt-4o (expected: vendor/model, or vendor/* for the vendor's own names)"),
                row(
                        "models: [{model: m, providers: [{provider: a, price_as: openai/*}]}]",
                        "3:57: price_as: openai/* (expected: vendor/model; vendor/* stands at a provider)"),
                row(
                        "models: [{model: m, providers: [{provider: a, price_as: openai/gpt-4o}]},"
                                + " {model: n, providers: [{provider: a, model: m, price_as: openai/o3}]}]",
                        "3:132: price_as: openai/o3 (expected: openai/gpt-4o, as elsewhere for this provider and model)"),
                row(
                        "prices_file: nowhere.csv",
                        "3:14: prices_file: nowhere.csv (expected: a file that can be read, of at" + " most 16 MB)"));
    }

    @Test
    void aListOfPricesWithMistakesIsRefusedWithItsOwnLines() throws IOException {
        Files.writeString(
                folder.resolve("bad.csv"), "# date: 2026-11-20\nvendor,model,input,output\na,b,-1,2\na,c,1,x\n");

        assertThatThrownBy(() -> load(Configs.LEAST + "prices_file: bad.csv\n"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems().stream()
                                        .map(problem -> problem.toString().replace(folder + "/", "")))
                                .containsExactly(
                                        "bad.csv:3:5: input: -1 (expected: dollars such as 2.50)",
                                        "bad.csv:4:7: output: x (expected: dollars such as 2.50)"));
    }

    @Test
    void warnsOfCandidatesWhoseCostNobodyWillKnow() throws Exception {
        assertThat(warnings("""
                providers:
                  - {id: official, base_url: https://api.openai.com/v1}
                  - {id: az, type: azure, base_url: https://res.openai.azure.com}
                  - {id: house, base_url: https://house.example.com}
                models:
                  - {model: gpt-4o, strategy: cheapest, providers: [official, az]}
                  - {model: gpt-*, strategy: cheapest, providers: [official, az]}
                  - {model: big-1, providers: [house]}
                prices: [{provider: hosue, model: big-1, input: 1, output: 2}]
                """))
                .containsExactly(
                        "7:63: warning: providers: no price of gpt-4o at az is known, so the cheapest are tried before it"
                                + " (expected: an entry of prices, or price_as: openai/gpt-4o)",
                        "8:62: warning: providers: no price of gpt-* at az is known, so the cheapest are tried before it"
                                + " (expected: an entry of prices, or price_as: vendor/model)",
                        "10:21: warning: prices: unknown provider: hosue (nearest: house)");
    }

    @Test
    void aRuleWantsThePricesThatItAsksFor() throws Exception {
        assertThat(warnings("""
                providers:
                  - {id: official, base_url: https://api.openai.com/v1}
                  - {id: house, base_url: https://house.example.com}
                models:
                  - model: gpt-4o
                    providers: [official, {provider: house, model: big-1}]
                    rules:
                      - {rule: 'Cost("house") < Cost("official") && InputPrice("house") < 1', providers: [house]}
                """))
                .containsExactly(
                        "9:16: warning: rule: no price of big-1 at house is known, so the rule fails on every request"
                                + " that gets to it (expected: an entry of prices, or price_as: vendor/model)");
    }

    @Test
    void aLedgerWantsThePriceOfEveryCandidateAndOfTheDefault() throws Exception {
        assertThat(warnings("""
                providers:
                  - {id: official, base_url: https://api.openai.com/v1}
                  - {id: house, base_url: https://house.example.com}
                models:
                  - {model: gpt-4o, providers: [official, house]}
                  - {model: big-1, providers: [house], rules: [{rule: 1 < 2, providers: [house]}]}
                default_provider: house
                save_usage: true
                """))
                .contains(
                        "6:43: warning: providers: no price of gpt-4o at house is known, so what it costs is not (expected:"
                                + " an entry of prices, or price_as: openai/gpt-4o)",
                        "7:74: warning: providers: no price of big-1 at house is known, so what it costs is not (expected:"
                                + " an entry of prices, or price_as: vendor/model)",
                        "8:19: warning: default_provider: no list prices of house are known, so what it costs is not"
                                + " (expected: price_as: vendor/* there)")
                .filteredOn(warning -> warning.contains("no price of big-1"))
                .hasSize(1);
    }

    private List<String> warnings(String yaml) throws ConfigException {
        return Configs.warnings(KEYS + yaml, Map.of()).stream()
                .map(warning -> warning.replace("gateway.yaml:", ""))
                .toList();
    }

    private GatewayConfig load(String yaml) throws ConfigException, IOException {
        Files.writeString(folder.resolve("list.csv"), LIST);
        return ConfigFile.parse("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8), folder, Map.of());
    }

    private static Arguments price(String keys, String expected) {
        return row("prices: [{provider: a, model: m, " + keys + "}]", expected);
    }

    private static Arguments row(String yaml, String expected) {
        return Arguments.of(yaml + "\n", List.of("gateway.yaml:" + expected));
    }
}
