package io.costoptimal.gateway.server.prices;

import static io.costoptimal.gateway.cost.TokenClass.AUDIO_INPUT;
import static io.costoptimal.gateway.cost.TokenClass.CACHED_INPUT;
import static io.costoptimal.gateway.cost.TokenClass.CACHE_WRITE;
import static io.costoptimal.gateway.cost.TokenClass.CACHE_WRITE_1H;
import static io.costoptimal.gateway.cost.TokenClass.INPUT;
import static io.costoptimal.gateway.cost.TokenClass.OUTPUT;
import static io.costoptimal.gateway.cost.TokenClass.REASONING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.server.prices.Tariff.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceImportTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    @Test
    void readsLiteLlmsPricesForATokenExactly() throws IOException {
        PriceImport.Result result = imported("""
                {
                  "sample_spec": {"litellm_provider": "one of ...", "input_cost_per_token": 0.0, "max_input_tokens": "text"},
                  "small-1": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.5e-07,
                    "output_cost_per_token": 6e-07, "cache_read_input_token_cost": 7.5e-08, "output_cost_per_reasoning_token": 7e-07,
                    "input_cost_per_token_batches": 1, "input_cost_per_token_priority": 1, "max_input_tokens": 128000,
                    "max_output_tokens": "16384", "input_cost_per_request": 0.0005, "input_cost_per_audio_token": "4e-05"},
                  "maker-1": {"litellm_provider": "anthropic", "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
                    "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06,
                    "input_cost_per_token_above_200k_tokens": 6e-06, "output_cost_per_token_above_200k_tokens": 2.25e-05,
                    "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05,
                    "input_cost_per_token_above_128k_tokens": 5e-06, "input_cost_per_token_above_200k_tokens_priority": 9},
                  "gemini/g-1": {"litellm_provider": "gemini", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
                  "vertex_ai/g-1": {"litellm_provider": "vertex_ai-language-models", "input_cost_per_token": 1e-06,
                    "output_cost_per_token": 2e-06},
                  "dashscope/q-1": {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [
                    {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06},
                    {"range": [32000.0, 1.28e5], "input_cost_per_token": 1.8e-06, "output_cost_per_token": 9e-06}]},
                  "embed-1": {"litellm_provider": "openai", "mode": "embedding", "input_cost_per_token": 2e-08}
                }
                """);

        assertThat(result.source()).isEqualTo("LiteLLM");
        assertThat(result.leftOut()).isEmpty();
        assertThat(result.unpriced()).isZero();
        assertThat(result.list().names())
                .containsExactly(
                        "alibaba/q-1",
                        "anthropic/maker-1",
                        "google/g-1",
                        "openai/embed-1",
                        "openai/small-1",
                        "vertex_ai/g-1");
        assertThat(result.list().find("openai", "small-1").tariff())
                .isEqualTo(new Tariff(
                        new Rates(Map.of(
                                INPUT,
                                150_000_000L,
                                OUTPUT,
                                600_000_000L,
                                CACHED_INPUT,
                                75_000_000L,
                                REASONING,
                                700_000_000L,
                                AUDIO_INPUT,
                                40_000_000_000L)),
                        List.of(),
                        500_000,
                        128_000,
                        16_384));
        assertThat(result.list().find("anthropic", "maker-1").tariff().tiers())
                .containsExactly(
                        new Tier(128_000, new Rates(Map.of(INPUT, 5_000_000_000L))),
                        new Tier(
                                200_000,
                                new Rates(Map.of(
                                        INPUT,
                                        6_000_000_000L,
                                        OUTPUT,
                                        22_500_000_000L,
                                        CACHE_WRITE_1H,
                                        12_000_000_000L))));
        assertThat(result.list().find("alibaba", "q-1").tariff())
                .isEqualTo(new Tariff(
                        new Rates(Map.of(INPUT, 1_000_000_000L, OUTPUT, 5_000_000_000L)),
                        List.of(new Tier(32_000, new Rates(Map.of(INPUT, 1_800_000_000L, OUTPUT, 9_000_000_000L)))),
                        0,
                        Tariff.UNKNOWN,
                        Tariff.UNKNOWN));
        assertThat(result.list().find("openai", "embed-1").tariff().base())
                .isEqualTo(new Rates(Map.of(INPUT, 20_000_000L, OUTPUT, 0L)));
    }

    @Test
    void leavesOutAndNamesWhatLiteLlmHasWrong() throws IOException {
        PriceImport.Result result = imported("""
                {
                  "good": {"litellm_provider": "openai", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
                  "openai/good": {"litellm_provider": "openai", "input_cost_per_token": 3e-06, "output_cost_per_token": 2e-06},
                  "negative": {"litellm_provider": "openai", "input_cost_per_token": -1e-06, "output_cost_per_token": 2e-06},
                  "words": {"litellm_provider": "openai", "input_cost_per_token": "free", "output_cost_per_token": 2e-06},
                  "absurd": {"litellm_provider": "openai", "input_cost_per_token": 2, "output_cost_per_token": 2e-06},
                  "nobody's": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
                  "no object": 7,
                  "list": {"litellm_provider": "openai", "input_cost_per_token": [], "output_cost_per_token": 2e-06},
                  "pictures": {"litellm_provider": "openai", "mode": "image_generation", "output_cost_per_image": 0.04},
                  "ranges": {"litellm_provider": "dashscope", "tiered_pricing": [{"input_cost_per_token": 1}]}
                }
                """);

        assertThat(result.list().names()).containsExactly("openai/good");
        assertThat(result.list().find("openai", "good").tariff().base().of(INPUT))
                .isEqualTo(1_000_000_000);
        assertThat(result.unpriced()).isEqualTo(1);
        assertThat(result.leftOut())
                .containsExactly(
                        "openai/good: a second price that differs from the first",
                        "negative: input_cost_per_token: -1e-06 (expected: a number of dollars, not negative)",
                        "words: input_cost_per_token: free (expected: a number of dollars, not negative)",
                        "absurd: input: 2000000000000000 (expected: 0 to 100000000000000)",
                        "nobody's: no litellm_provider",
                        "no object: no object",
                        "list: input_cost_per_token: no number",
                        "ranges: tiered_pricing: no range of tokens");
    }

    @Test
    void readsModelsDevWithItsTiersAndCaches() throws IOException {
        PriceImport.Result result = imported("""
                {
                  "openai": {"id": "openai", "name": "OpenAI", "models": {
                    "long-1": {"id": "long-1", "limit": {"context": 1050000, "input": 922000, "output": 128000}, "cost": {
                      "input": 5, "output": 30, "cache_read": 0.5, "cache_write": 6.25, "reasoning": 30, "input_audio": 32,
                      "tiers": [{"input": 10, "output": 45, "tier": {"type": "context", "size": 272000}}],
                      "context_over_200k": {"input": 11, "output": 46}}},
                    "older-1": {"id": "older-1", "limit": {"context": 0, "output": 0}, "cost": {"input": 2, "output": 12,
                      "cache_write": 0, "context_over_200k": {"input": 4, "output": 18, "cache_read": 0.4}}},
                    "unpriced": {"id": "unpriced"}}}
                }
                """);

        assertThat(result.source()).isEqualTo("models.dev");
        assertThat(result.leftOut()).isEmpty();
        assertThat(result.unpriced()).isEqualTo(1);
        assertThat(result.list().find("openai", "long-1").tariff())
                .isEqualTo(new Tariff(
                        new Rates(Map.of(
                                INPUT,
                                5_000_000_000L,
                                OUTPUT,
                                30_000_000_000L,
                                CACHED_INPUT,
                                500_000_000L,
                                CACHE_WRITE,
                                6_250_000_000L,
                                REASONING,
                                30_000_000_000L,
                                AUDIO_INPUT,
                                32_000_000_000L)),
                        List.of(new Tier(272_000, new Rates(Map.of(INPUT, 10_000_000_000L, OUTPUT, 45_000_000_000L)))),
                        0,
                        1_050_000,
                        128_000));
        // A write that costs nothing beside an input that does is a field filled in, and no offer.
        assertThat(result.list().find("openai", "older-1").tariff())
                .isEqualTo(new Tariff(
                        new Rates(Map.of(INPUT, 2_000_000_000L, OUTPUT, 12_000_000_000L)),
                        List.of(new Tier(
                                200_000,
                                new Rates(Map.of(
                                        INPUT, 4_000_000_000L, OUTPUT, 18_000_000_000L, CACHED_INPUT, 400_000_000L)))),
                        0,
                        Tariff.UNKNOWN,
                        Tariff.UNKNOWN));
    }

    @Test
    void leavesOutAndNamesWhatModelsDevHasWrong() throws IOException {
        PriceImport.Result result = imported("""
                {
                  "a": {"models": {
                    "no output": {"cost": {"input": 1}},
                    "negative": {"cost": {"input": -1, "output": 1}},
                    "by output": {"cost": {"input": 1, "output": 1, "tiers": [{"input": 2, "tier": {"type": "output", "size": 9}}]}},
                    "twice": {"cost": {"input": 1, "output": 1, "tiers": [{"input": 2, "tier": {"size": 9}},
                      {"input": 3, "tier": {"size": 9}}]}},
                    "no object": 1}},
                  "b": {"name": "B"}
                }
                """);

        assertThat(result.list().size()).isZero();
        assertThat(result.leftOut())
                .containsExactly(
                        "a/no output: input and output are needed",
                        "a/negative: input: -1 (expected: a number of dollars, not negative)",
                        "a/by output: tiers: one that is not by the size of the context",
                        "a/twice: tiers: two above 9",
                        "a/no object: no object",
                        "b: no models");
    }

    @Test
    void whatItWritesIsWhatPricesFileReads() throws Exception {
        PriceImport.Result result = imported("""
                {"m": {"litellm_provider": "x", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
                  "input_cost_per_token_above_200k_tokens": 2e-06, "input_cost_per_request": 0.01}}
                """);

        PriceList read = PriceFile.read("p.csv", result.text(), "file:p.csv");

        assertThat(read.vendors()).isEqualTo(result.list().vendors());
        assertThat(read.version()).isEqualTo("file:p.csv@2026-11-20");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "7",
                "{\"a\": {\"b\": 1}}",
                "{} {}",
                "{\"a\": NaN}",
                "{\"models\": [{\"id\": 1}]}"
            })
    void refusesWhatIsNeither(String text) {
        assertThatThrownBy(() -> imported(text)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesDocumentsThatAreNestedForNoReason() {
        assertThatThrownBy(() -> imported("{\"a\":".repeat(200) + "1" + "}".repeat(200)))
                .isInstanceOf(IOException.class)
                .hasMessage("nested deeper than 32 levels");
    }

    private static PriceImport.Result imported(String json) throws IOException {
        return PriceImport.read(json.getBytes(StandardCharsets.UTF_8), DAY);
    }
}
