package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubstitutionTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("TOKEN", "t0k$1\\n", "HOST", "a.test", "EMPTY", "", "N", "3", "ON", "true", "BAD", "hush\r\nX: 1");

    @Test
    void replacesVariablesAnywhereInAScalar() {
        GatewayConfig config = Configs.load("""
                listen: ${HOST}:${P:-81}
                api_keys: ["pre-${TOKEN}-post"]
                debug: ${ON}
                event_loops: "${N}"
                providers: [{id: a, base_url: "https://${HOST}/v1", access_token: '${EMPTY:-fallback}${EMPTY}', headers: {X-T: "${TOKEN}"}}]
                """, ENVIRONMENT);

        assertThat(config.server().listen()).hasToString("a.test:81");
        assertThat(config.server().debug()).isTrue();
        assertThat(config.snapshot().keys().find("pre-t0k$1\\n-post")).isNotNull();
        assertThat(config.engine().eventLoops()).isEqualTo(3);
        assertThat(config.routing().providers().get("a").base()).hasToString("https://a.test/v1");
        assertThat(config.routing().providers().get("a").access().token()).isEqualTo("fallback");
        assertThat(config.routing().providers().get("a").access().headers()).containsEntry("X-T", "t0k$1\\n");
    }

    @Test
    void replacesNothingInRules() {
        GatewayConfig config = Configs.load(LEAST + """
                models: [{model: m, rules: [{rule: 'Model == "${NOPE}"', providers: [a]}]}]
                """);

        assertThat(config.routing()
                        .table()
                        .models()
                        .get(0)
                        .rules()
                        .get(0)
                        .rule()
                        .expression())
                .isEqualTo("Model == \"${NOPE}\"");
    }

    @Test
    void pointsAtTheVariableThatIsNotSet() {
        String yaml = """
                listen: "${HOST}:${NOPE}"
                api_keys:
                  - >
                    folded
                    ${NOPE_2}
                providers: [{id: a, base_url: 'http://''${}'}]
                """;

        assertThat(Configs.problems(yaml.getBytes(StandardCharsets.UTF_8), ENVIRONMENT))
                .containsExactly(
                        "gateway.yaml:1:18: listen: ${NOPE} is not set in the environment (expected: a value, or ${NOPE:-default})",
                        "gateway.yaml:5:5: api_keys: ${NOPE_2} is not set in the environment (expected: a value, or ${NOPE_2:-default})",
                        "gateway.yaml:6:41: base_url: ${ without a name and } (expected: ${NAME}, ${NAME:-default} or ${file:PATH})");
    }

    @Test
    void showsWhatIsWrittenAndNeverWhatAVariableHolds() {
        String yaml = LEAST + "listen: ${BAD}\ndefault_provider: ${BAD}\n";

        assertThat(Configs.problems(yaml.getBytes(StandardCharsets.UTF_8), ENVIRONMENT))
                .hasSize(2)
                .noneMatch(problem -> problem.contains("hush"))
                .allMatch(problem -> problem.contains("${BAD}"));
    }

    @Test
    void lineBreaksFromTheEnvironmentNeverReachAHeader() {
        String yaml = "api_keys: [k]\nproviders: [{id: a, base_url: http://a.test, headers: {X-A: \"${BAD}\"}}]\n";

        assertThat(Configs.problems(yaml.getBytes(StandardCharsets.UTF_8), ENVIRONMENT))
                .containsExactly(
                        "gateway.yaml:2:61: X-A: *** (expected: visible Latin-1 characters, no line breaks or surrounding spaces)");
    }

    @Test
    void portOfTheEnvironmentWins() {
        assertThat(Configs.load(LEAST + "listen: 0.0.0.0:1\n", Map.of("PORT", "99"))
                        .server()
                        .listen())
                .hasToString("0.0.0.0:99");
        assertThat(Configs.load(LEAST, Map.of("PORT", "99")).server().listen()).hasToString("127.0.0.1:99");
        assertThat(Configs.load(LEAST, Map.of("PORT", "")).server().listen()).hasToString("127.0.0.1:8080");
        assertThat(Configs.problems((LEAST + "listen: :1\n").getBytes(StandardCharsets.UTF_8), Map.of("PORT", "http")))
                .containsExactly("gateway.yaml:3:9: PORT in the environment: http (expected: a port from 0 to 65535)");
    }
}
