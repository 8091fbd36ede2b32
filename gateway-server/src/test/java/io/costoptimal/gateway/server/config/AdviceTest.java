package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message names the thing that was meant, and no other. */
class AdviceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: []                | unknown key: rules (it belongs under models[])",
                "rule: x                  | unknown key: rule (it belongs under models[].rules[])",
                "base_url: http://c.test  | unknown key: base_url (it belongs under providers[])",
                "ca_file: x.pem           | unknown key: ca_file (it belongs under tls)",
                "held_bodies: 1gb         | unknown key: held_bodies (it belongs under limits)",
                "api_base: x              | unknown key: api_base (perhaps: providers[].base_url)",
                "aliases: []              | unknown key: aliases (here it is called alias)",
                "model_alias: []          | unknown key: model_alias (here it is called alias)",
                "port: 8080               | unknown key: port (here it is called listen)",
                "master_key: x            | unknown key: master_key (here it is called api_keys)",
                "rate_limit: 5            | unknown key: rate_limit (rate limits do not exist yet)",
                "num_retries: 3           | unknown key: num_retries (each candidate is tried once; see retry_on)",
                "modles: []               | unknown key: modles (nearest: models)",
                "timeuots: {}             | unknown key: timeuots (nearest: timeouts)",
                "colour: red              | unknown key: colour",
                "x: y                     | unknown key: x",
                "telemetry: true          | unknown key: telemetry",
            })
    void atTheTopLevel(String line, String message) {
        assertThat(Configs.problems(LEAST + line + "\n")).containsExactly("gateway.yaml:3:1: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api_key    | (here it is called access_token)",
                "key        | (here it is called access_token)",
                "token      | (here it is called access_token)",
                "api_base   | (here it is called base_url)",
                "url        | (here it is called base_url)",
                "name       | (here it is called id)",
                "weight     | (it belongs under models[].providers[] or under models[].rules[].providers[])",
                "price      | (perhaps: prices)",
                "budget     | (budgets do not exist yet)",
                "rpm        | (rate limits do not exist yet)",
                "acces_token | (nearest: access_token)",
                "rules      | (it belongs under models[])",
                "listen     | (it belongs at the top level or under listeners[])",
            })
    void inAProvider(String key, String advice) {
        assertThat(Configs.problems("""
                        api_keys: [k]
                        providers:
                          - id: a
                            base_url: http://a.test
                            %s: x
                        """.formatted(key)))
                .containsExactly("gateway.yaml:5:5: unknown key: " + key + " " + advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weigth: 5   | unknown key: weigth (nearest: weight)",
                "base_model: x | unknown key: base_model (here it is called price_as)",
                "target: x   | unknown key: target (here it is called model)",
                "banana: x   | unknown key: banana",
            })
    void inACandidate(String key, String message) {
        assertThat(Configs.problems(LEAST + "models: [{model: m, providers: [{provider: a, " + key + "}]}]\n"))
                .containsExactly("gateway.yaml:3:47: " + message);
    }

    @Test
    void namesNoModelOrProviderThatIsNotNear() {
        assertThat(Configs.problems(LEAST + "default_provider: elsewhere\n"))
                .containsExactly("gateway.yaml:3:19: unknown provider: elsewhere");
        assertThat(Configs.problems(
                        LEAST + "models: [{model: gpt-4o, providers: [a]}]\nalias: [{model: f, target: o3}]\n"))
                .containsExactly("gateway.yaml:4:28: unknown model: o3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_list", "litellm_settings", "general_settings", "router_settings"})
    void saysOfALiteLlmFileThatItIsOne(String key) {
        assertThat(Configs.problems("# a proxy\n" + key + ": {}\nother: 5\n"))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:2:1: " + key + ": this is a configuration of LiteLLM")
                .contains("docs/migrating.md");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "access_token: $OPENAI_KEY            | 4:52 | access_token: taken as it stands (from the environment: ${OPENAI_KEY})",
                "access_token: os.environ/OPENAI_KEY  | 4:52 | access_token: taken as it stands (from the environment: ${OPENAI_KEY})",
                "headers: {X-Auth: Bearer $TOKEN}     | 4:63 | X-Auth: taken as it stands (from the environment: ${TOKEN})",
            })
    void warnsOfAVariableInAnotherProgramsNotation(String entry, String place, String message) {
        String yaml = "api_keys: [sk-1]\n\nproviders:\n  - {id: a, base_url: http://a.test, %s}\n".formatted(entry);

        assertThat(Configs.warnings(yaml, Map.of())).containsExactly("gateway.yaml:" + place + ": warning: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-$abc", "$5", "pa$$WORD", "$lower_case", "a$NAME"})
    void doesNotWarnOfADollarThatNamesNoVariable(String token) {
        String yaml = "api_keys: [sk-1]\nproviders: [{id: a, base_url: http://a.test, access_token: '%s'}]\n";

        assertThat(Configs.warnings(yaml.formatted(token), Map.of())).isEmpty();
    }

    @Test
    void warnsOfAVariableInARule() {
        assertThat(Configs.warnings(rule("Model == \"x\" || Key == \"${TEAM}\""), Map.of("TEAM", "t")))
                .containsExactly(
                        "gateway.yaml:7:39: warning: rule: no variable is replaced in a rule; ${ is taken as it stands");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TokenCount >= 0                      | this rule always holds; no rule after it is ever asked",
                "Model == \"m\"                       | this rule always holds; no rule after it is ever asked",
                "TokenCount > 9 and TokenCount < 5    | this rule never holds",
                "Model startsWith \"gpt\"             | this rule never holds",
            })
    void warnsOfARuleThatDecidesNothing(String rule, String remark) {
        assertThat(Configs.warnings(rule(rule), Map.of()))
                .containsExactly("gateway.yaml:7:15: warning: rule: " + remark);
    }

    @Test
    void warnsOfNoRuleOfAWildcardForItsModel() {
        String yaml = rule("Model == \"m\"").replace("model: m", "model: \"m*\"");

        assertThat(Configs.warnings(yaml, Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude-sonnet-4-5           | [o]    | claude-sonnet-4-5 by /v1/messages, too, and o is no provider of type anthropic",
                "claude-*                    | [o]    | claude-* by /v1/messages, too, and o is no provider of type anthropic",
                "fast                        | {o: anthropic/claude-haiku-4-5} | anthropic/claude-haiku-4-5 by /v1/messages",
                "gpt-4o                      | [c]    | gpt-4o by /v1/chat/completions or /v1/responses, and c is a provider of type",
                "o3                          | [c]    | o3 by /v1/chat/completions or /v1/responses, and c is a provider of type",
                "mixed                       | [o, c] | providers: o, c speak different APIs, and a body goes to each as it came",
            })
    void warnsOfAModelAtAProviderOfTheOtherApi(String model, String providers, String message) {
        assertThat(Configs.warnings(mixed(model, providers), Map.of()))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:8:16: warning: providers: ")
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude-sonnet-4-5 | [c]",
                "claude-sonnet-4-5 | [z]",
                "claude-sonnet-4-5 | [c, z]",
                "gpt-4o            | [o, z]",
                "claude-sonnet-4-5 | {o: some-model}",
                "mistral-large     | [c]",
            })
    void warnsOfNoModelWhereItBelongs(String model, String providers) {
        assertThat(Configs.warnings(mixed(model, providers), Map.of())).isEmpty();
    }

    private static String mixed(String model, String providers) {
        return """
                api_keys: [k]
                providers:
                  - {id: o, base_url: "https://o.test/v1"}
                  - {id: c, type: anthropic, base_url: "https://c.test"}
                  - {id: z, type: azure, base_url: "https://z.test"}
                models:
                  - model: "%s"
                    providers: %s
                """.formatted(model, providers);
    }

    @Test
    void loadsTheOriginalsMySqlAndSaysWhatItGets() throws Exception {
        String yaml = LEAST + "storage_type: mysql\nstorage_uri: user:pw@tcp(db:3306)/usage\n";

        assertThat(Configs.load(yaml).ledger().storage()).isEqualTo(GatewayConfig.Ledger.Storage.SQLITE);
        assertThat(Configs.load(yaml).ledger().uri()).isEqualTo("file:usage.db");
        assertThat(Configs.warnings(yaml, Map.of()))
                .containsExactly("gateway.yaml:3:15: warning: storage_type: there is no ledger in MySQL; this one is"
                        + " sqlite, at file:usage.db (expected: sqlite or postgres)");
    }

    /** The original takes an empty text for an absent one in these places. */
    @Test
    void loadsTheOriginalsEmptyTexts() {
        GatewayConfig config = Configs.load(LEAST + """
                default_provider: ""
                storage_type: ""
                storage_uri: ''
                models:
                  - model: m
                    providers: [{provider: a, model: ""}]
                    rules: [{rule: Stream, providers: {a: ""}}]
                """);

        assertThat(config.routing().table().defaultProvider()).isNull();
        assertThat(config.ledger().uri()).isEqualTo("file:usage.db");
        assertThat(config.routing().table().models().get(0).providers().get(0).model())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "TokenCount > 5 ? true : false ¦ 7:37 ¦ (a value with ': ' in it stands in quotes)",
                "!Stream                       ¦ 7:15 ¦ (expected: no tags; a value that begins with ! stands in quotes)",
                "'x' in Headers                ¦ 7:19 ¦ (such a value stands in quotes as a whole)",
                "%x                            ¦ 7:15 ¦ (such a value stands in quotes as a whole)",
            })
    void saysOfARuleThatYamlMisreadsThatItNeedsQuotes(String rule, String place, String message) {
        assertThat(Configs.problems(rule(rule)))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:" + place + ": ")
                .contains(message);
    }

    @Test
    void saysOnceThatCandidatesAreAList() {
        assertThat(Configs.problems(LEAST + "models: [{model: m, providers: a}]\n"))
                .containsExactly("gateway.yaml:3:32: providers: a (expected: a list)");
    }

    @Test
    void refusesAKeyWhoseNameByPlaceAnotherKeyHas() {
        String yaml = LEAST.replace("api_keys: [secret-of-a]", "api_keys: [{key: a, name: key-2}, {key: b}]");

        assertThat(yaml).isNotEqualTo(LEAST);
        assertThat(Configs.problems(yaml))
                .singleElement()
                .asString()
                .endsWith("api_keys: another key is called key-2 (expected: a name for this one)");
    }

    @Test
    void warnsOfATokenThatBringsItsScheme() {
        String yaml = LEAST;
        String provider = "{id: c, base_url: \"http://b\", access_token: \"bearer sk-1\"}";

        assertThat(Configs.warnings(yaml.replace("providers: [{", "providers: [" + provider + ", {"), Map.of()))
                .singleElement()
                .asString()
                .contains("access_token: begins with Bearer")
                .doesNotContain("sk-1");
    }

    @Test
    void showsAnEmptyText() {
        assertThat(Configs.problems(LEAST + "models: [{model: '', providers: [a]}]\n"))
                .containsExactly(
                        "gateway.yaml:3:18: model: \"\" (expected: 1 to 256 characters, no control characters)");
    }

    private static String rule(String rule) {
        return LEAST + """
                models:
                  - model: m
                    rules:
                      - providers: [a]
                        rule: %s
                """.formatted(rule);
    }
}
