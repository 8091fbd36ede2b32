package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file says about who may use what: no slip of the pen opens more than was meant. */
class TrustTest {

    private static final String PROVIDERS = "providers: [{id: a, base_url: 'http://a.test/v1'}]\n";
    private static final String MODELS = """
            models:
              - {model: gpt-4o, providers: [a]}
              - {model: gpt-*, providers: [a]}
              - {model: "claude-x[1m]", providers: [a]}
            alias: [{model: fast, target: gpt-4o}, {model: quick, target: fast}]
            """;

    @ParameterizedTest
    @ValueSource(strings = {"[]", "", "null", "~", "['']", "[null]", "{}"})
    void refusesARestrictionThatRestrictsNothing(String models) {
        String file = "api_keys: [{key: k, models: " + models + "}]\n" + PROVIDERS + MODELS;

        assertThat(Configs.problems(file)).isNotEmpty().allMatch(problem -> problem.contains(":1:"));
        assertThat(Configs.problems(file)).anyMatch(problem -> problem.contains("models: "));
    }

    @Test
    void readsNamesAndWildcardsThatAKeyMayAskFor() {
        Principal owner = Configs.load("api_keys: [{key: k, models: [gpt-4*, 'claude-x[1m]']}]\n" + PROVIDERS + MODELS)
                .keys()
                .get(0)
                .owner();

        assertThat(List.of("gpt-4o", "gpt-4", "claude-x[1m]")).allMatch(owner.models()::allows);
        assertThat(List.of("gpt-5", "GPT-4o", "claude-x1", "xgpt-4o")).noneMatch(owner.models()::allows);
        assertThat(Configs.load("api_keys: [{key: k}]\n" + PROVIDERS)
                        .keys()
                        .get(0)
                        .owner()
                        .models()
                        .isAll())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'[gpt-9]', ''",
        "'[gpt-*]', ''",
        "'[cl*]', ''",
        "'[fa*]', ''",
        "'[mistral]', unknown model: mistral",
        "'[gpt4o]', unknown model: gpt4o"
    })
    void refusesAKeyForAModelThatNothingServes(String models, String problem) {
        List<String> problems = Configs.problems("api_keys: [{key: k, models: " + models + "}]\n" + PROVIDERS + MODELS);

        if (problem.isEmpty()) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().asString().contains(problem);
        }
    }

    @Test
    void warnsOfAKeyWithAnAliasButNotWhatItStandsFor(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("gateway.yaml"),
                "api_keys: [{key: k, models: [quick]}, {key: l, models: [quick, gpt-4o]}]\n" + PROVIDERS + MODELS);
        List<String> warnings = new ArrayList<>();
        ConfigFile.load(file, Map.of(), warning -> warnings.add(warning.toString()));

        assertThat(warnings.stream().filter(warning -> warning.contains("stands for")))
                .singleElement()
                .asString()
                .contains(":1:30: warning: models: quick stands for gpt-4o, which the key may not use");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alias: [{model: f*, target: gpt-4o}]                     | model: f* (expected: one name; * has no meaning here)",
                "alias: [{model: f, target: gpt-*}]                       | target: gpt-* (expected: one name",
                "models: [{model: m, providers: {a: 'x/*'}}]              | x/* (expected: one name",
                "models: [{model: m, providers: [{id: a, model: 'x*'}]}]  | model: x* (expected: one name",
                "models: [{model: .., providers: [a]}]                    | model: .. (expected: a name without . or ..",
                "models: [{model: m, providers: {a: a/../b}}]             | a/../b (expected: a name without . or ..",
                "alias: [{model: f, target: .}]                           | target: . (expected: a name without . or ..",
            })
    void refusesNamesThatHaveNoMeaningWhereTheyStand(String yaml, String problem) {
        assertThat(Configs.problems("api_keys: [k]\ndefault_provider: a\n" + PROVIDERS + yaml + "\n"))
                .singleElement()
                .asString()
                .contains(problem);
    }

    @Test
    void readsAProviderForWhichClientsBringTheirOwnKey() {
        String provider = "api_keys: [k]\nproviders: [{id: a, base_url: 'http://a.test', credential: client%s}]\n";

        assertThat(Configs.load(provider.formatted(""))
                        .routing()
                        .providers()
                        .get("a")
                        .access()
                        .clientsOwn())
                .isTrue();
        assertThat(Configs.load("api_keys: [k]\n" + PROVIDERS)
                        .routing()
                        .providers()
                        .get("a")
                        .access()
                        .clientsOwn())
                .isFalse();
        for (String ours : List.of(", access_token: t", ", headers: {X-Api-Key: t}")) {
            assertThat(Configs.problems(provider.formatted(ours)))
                    .singleElement()
                    .asString()
                    .contains("credential: client beside a credential in access_token or headers");
        }
        assertThat(Configs.problems(provider.formatted("").replace("client", "Client")))
                .singleElement()
                .asString()
                .contains("credential: Client (expected: client");
    }
}
