package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reload is told to have changed. */
class ChangesTest {

    private static final String FILE = """
            api_keys: [{key: k-1, name: team-a}]
            providers: [{id: a, base_url: "http://a.test/v1"}, {id: b, base_url: "http://b.test/v1"}]
            default_provider: a
            models:
              - {model: m, providers: [a, b], retry_on: [timeout], rules: [{rule: TokenCount < 5, providers: [b]}]}
            alias: [{model: n, target: m}]
            """;

    @Test
    void aFileThatSaysTheSameChangesNothing() throws ConfigException {
        assertThat(Changes.between(load(FILE), load(FILE))).isEqualTo("none");
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource({
        "a.test, c.test, providers: ~a",
        "'default_provider: a', 'default_provider: b', settings: ~default_provider",
        "'default_provider: a', 'retry_on: [5xx]', settings: ~retry_on -default_provider",
        "'default_provider: a', 'default_provider: a\\ncors: {origins: [\"https://x.test\"]}', settings: +cors",
        "'default_provider: a', 'default_provider: a\\ndebug: true', settings: ~debug",
        "'retry_on: [timeout]', 'retry_on: [5xx]', models: ~m",
        "'[a, b]', '[b, a]', models: ~m",
        "TokenCount < 5, TokenCount < 6, models: ~m",
        "'target: m', 'target: o', aliases: ~n",
        "k-1, k-2, keys: ~team-a",
        "team-a, team-b, keys: +team-b -team-a",
        "'default_provider: a', 'default_provider: a\\nprices: [{provider: a, model: m, input: 1, output: 2}]', prices: +a m"
    })
    void namesWhatIsDifferentAndNothingElse(String written, String instead, String changes) throws ConfigException {
        String next = FILE.replace(written, instead.replace("\\n", "\n"));

        assertThat(Changes.between(load(FILE), load(next))).isEqualTo(changes);
    }

    @Test
    void namesPricesThatAreOthers() throws ConfigException {
        String before = FILE
                + "prices: [{provider: a, model: m, input: 1, output: 2}, {provider: b, model: m, input: 1, output: 2}]";
        String after = FILE + "prices: [{provider: a, model: m, input: 1, output: 2, reasoning: 3}]";

        assertThat(Changes.between(load(before), load(before))).isEqualTo("none");
        assertThat(Changes.between(load(before), load(after))).isEqualTo("prices: ~a m -b m");
    }

    private static GatewayConfig load(String yaml) throws ConfigException {
        return ConfigFile.parse("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8), Path.of(""), Map.of());
    }
}
