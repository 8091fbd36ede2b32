package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.Strategy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** In which order a file has candidates tried, and what its rules refuse. */
class StrategyTest {

    @Test
    void triesCandidatesAsTheyAreListedUnlessTheFileSaysOtherwise() {
        ModelRoutes model = model("providers: [a, b]\n    rules: [{rule: Stream, providers: [b]}]");

        assertThat(model.strategy()).isEqualTo(Strategy.ORDERED);
        assertThat(model.rules().get(0).strategy()).isEqualTo(Strategy.ORDERED);
    }

    @Test
    void readsWeightsOfAModelAndOfARule() {
        ModelRoutes model = model("""
                strategy: weighted
                    providers: [{provider: a, weight: 3}, b]
                    rules:
                      - {rule: Stream, strategy: weighted, providers: [a, {id: b, model: x, weight: 0}]}
                      - {rule: MaxTokens > 5, strategy: ordered, providers: [b]}
                      - {rule: MaxTokens > 3, providers: {a: y, b: z}}
                """);

        assertThat(model.strategy()).isEqualTo(new Strategy.Weighted(List.of(3, 1)));
        assertThat(model.rules().get(0).strategy()).isEqualTo(new Strategy.Weighted(List.of(1, 0)));
        assertThat(model.rules().get(1).strategy()).isEqualTo(Strategy.ORDERED);
        assertThat(model.rules().get(2).strategy()).isEqualTo(new Strategy.Weighted(List.of(1, 1)));
    }

    @Test
    void hasRulesFollowTheModelUnlessTheySayOtherwise() {
        ModelRoutes model = model("""
                strategy: cheapest
                    affinity: none
                    providers: [a, b]
                    rules:
                      - {rule: Stream, providers: [a, b]}
                      - {rule: MaxTokens > 5, affinity: conversation, providers: [a, b]}
                      - {rule: MaxTokens > 3, strategy: ordered, providers: [a, b]}
                """);

        assertThat(model.strategy()).isEqualTo(new Strategy.Cheapest(false));
        assertThat(model.rules().get(0).strategy()).isEqualTo(new Strategy.Cheapest(false));
        assertThat(model.rules().get(1).strategy()).isEqualTo(new Strategy.Cheapest(true));
        assertThat(model.rules().get(2).strategy()).isEqualTo(Strategy.ORDERED);
    }

    @Test
    void readsWhatARuleAnswersThatRefuses() {
        ModelRoutes model = model("""
                providers: [a]
                    rules:
                      - {rule: Stream, reject: {message: Streams are off.}}
                      - {rule: MaxTokens > 5, reject: {status: 503, message: Come back at night.}}
                """);

        Rejection streams = model.rules().get(0).refusal();
        assertThat(streams.status()).isEqualTo(403);
        assertThat(streams.message()).isEqualTo("Streams are off.");
        assertThat(streams.retryable()).isFalse();
        assertThat(model.rules().get(0).candidates()).isEmpty();
        Rejection night = model.rules().get(1).refusal();
        assertThat(night.status()).isEqualTo(503);
        assertThat(night.retryable()).isTrue();
    }

    @Test
    void warnsOfWhatSaysNothing() {
        assertThat(warnings("providers: [{provider: a, weight: 2}, b]"))
                .containsExactly(
                        "gateway.yaml:5:39: warning: weight: says nothing here (expected: strategy: weighted)");
        assertThat(warnings("strategy: weighted\n    affinity: none\n    providers: [a, b]"))
                .containsExactly(
                        "gateway.yaml:6:15: warning: affinity: says nothing here (expected: strategy: cheapest)");
        assertThat(
                        warnings(
                                "affinity: none\n    rules: [{rule: Stream, strategy: cheapest, providers: [a, b]}]"
                                        + "\n    providers: [a, b]"
                                        + "\nprices: [{provider: a, model: m, input: 1, output: 1}, {provider: b, model: m, input: 1, output: 1}]"))
                .isEmpty();
    }

    private static ModelRoutes model(String keys) {
        return Configs.load(yaml(keys)).routing().table().models().get(0);
    }

    private static List<String> warnings(String keys) {
        return Configs.warnings(yaml(keys), Map.of());
    }

    private static String yaml(String keys) {
        return Configs.LEAST + "models:\n  - model: m\n    " + keys + "\n";
    }
}
