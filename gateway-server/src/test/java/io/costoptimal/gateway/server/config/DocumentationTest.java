package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Timeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the repository tells people about the configuration is what the code does. */
class DocumentationTest {

    @Test
    void everyLimitAndTimerIsDocumentedWithItsDefault() throws IOException {
        String text = Files.readString(root().resolve("docs/configuration.md"));
        List<String> rows = new ArrayList<>();
        for (LimitKey key : LimitKey.values()) {
            Range range = key.range();
            rows.add(row(range) + " " + range.unit().show(range.min()) + " to "
                    + range.unit().show(range.max()) + " |");
        }
        for (TimeoutKey key : TimeoutKey.values()) {
            rows.add(row(key.range()));
        }

        assertThat(rows.stream().filter(row -> !text.contains(row))).isEmpty();
    }

    @Test
    void theExampleLoadsAndShowsEveryDefault() throws Exception {
        Path example = root().resolve("config.example.yaml");
        GatewayConfig config = ConfigFile.load(example, Map.of("GATEWAY_KEY", "k1", "TEAM_A_KEY", "k2"));
        String text = Files.readString(example);

        assertThat(config.engine().limits()).isEqualTo(Limits.DEFAULTS);
        assertThat(config.engine().timeouts()).isEqualTo(Timeouts.DEFAULTS);
        for (LimitKey key : LimitKey.values()) {
            assertThat(text).containsPattern("(?m)^  (# )?" + key.range().key() + ": ");
        }
        for (TimeoutKey key : TimeoutKey.values()) {
            assertThat(text).containsPattern("(?m)^  " + key.range().key() + ": " + shown(key.range()) + " ");
        }
    }

    @Test
    void theExampleAndTheDocumentationHaveEveryKey() throws IOException {
        String example = Files.readString(root().resolve("config.example.yaml"));
        String docs = Files.readString(root().resolve("docs/configuration.md"));

        Format.everything().forEach((path, setting) -> {
            assertThat(docs).containsPattern("`([a-z]+\\.)?" + setting.name());
            assertThat(example).containsPattern("\\b" + setting.name() + ": ?");
            if (setting.form() instanceof Form.Word word) {
                word.words().forEach(choice -> assertThat(docs).contains("`" + choice + "`"));
            }
        });
    }

    @Test
    void theDefaultsInTheTableAreTheDefaultsInTheDocumentation() throws IOException {
        String docs = Files.readString(root().resolve("docs/configuration.md"));

        assertThat(Format.everything().entrySet().stream()
                        .filter(entry -> entry.getValue().standard() != null)
                        .map(entry -> "| `" + entry.getValue().name() + "` | `"
                                + entry.getValue().standard() + "` |")
                        .filter(row -> !docs.contains(row)))
                .isEmpty();
    }

    @Test
    void theConfigurationsOfThePageForNewcomersLoad() throws IOException {
        String page = Files.readString(root().resolve("docs/migrating.md"));
        Map<String, String> environment = Map.of("MASTER_KEY", "a", "OPENAI_API_KEY", "b", "AZURE_API_KEY", "c");
        List<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(blocks).hasSize(2);
        assertThat(blocks.stream()
                        .map(yaml -> Configs.load(yaml, environment)
                                .routing()
                                .table()
                                .models()
                                .size()))
                .containsExactly(1, 1);
        assertThat(Configs.warnings(blocks.get(0), Map.of()))
                .singleElement()
                .asString()
                .contains("there is no ledger in MySQL");
        assertThat(Configs.warnings(blocks.get(1), environment)).isEmpty();
    }

    @Test
    void theReadmesConfigurationLoads() throws IOException {
        String readme = Files.readString(root().resolve("README.md"));
        int start = readme.indexOf("```yaml\n") + "```yaml\n".length();
        String yaml = readme.substring(start, readme.indexOf("```", start));

        GatewayConfig config = Configs.load(
                yaml,
                Map.of("GATEWAY_KEY", "a", "OPENAI_API_KEY", "b", "CHEAP_API_KEY", "c", "ANTHROPIC_API_KEY", "d"));

        assertThat(config.routing().table().models()).isNotEmpty();
    }

    private static String row(Range range) {
        return "| `" + range.key() + "` | `" + shown(range) + "` |";
    }

    private static String shown(Range range) {
        return range.unit().show(range.standard());
    }

    /** The folder of the whole project, from wherever the tests run. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("config.example.yaml"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
