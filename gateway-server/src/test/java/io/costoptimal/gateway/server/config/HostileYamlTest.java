package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileYamlTest {

    @TempDir
    Path folder;

    @Test
    void refusesDepthWithoutOverflowingTheStack() {
        assertThat(Configs.problems(LEAST + "models: " + "[".repeat(100_000)))
                .containsExactly("gateway.yaml:3:40: nested deeper than 32 levels");
        assertThat(Configs.problems(LEAST + "models: " + "{a: ".repeat(50_000)))
                .containsExactly("gateway.yaml:3:133: nested deeper than 32 levels");
    }

    @Test
    void refusesBillionLaughsAtEveryAnchorAndAlias() {
        assertThat(Configs.problems("""
                a: &a [x, x]
                b: &b [*a, *a]
                """))
                .containsExactly(
                        "gateway.yaml:1:4: anchor &a (expected: no anchors and aliases; write the value out)",
                        "gateway.yaml:2:4: anchor &b (expected: no anchors and aliases; write the value out)",
                        "gateway.yaml:2:8: alias *a (expected: no anchors and aliases; write the value out)",
                        "gateway.yaml:2:12: alias *a (expected: no anchors and aliases; write the value out)");
    }

    @Test
    void refusesAListThatContainsItself() {
        assertThat(Configs.problems("providers: &x [*x]\n"))
                .hasSize(2)
                .allMatch(p -> p.contains("no anchors and aliases"));
    }

    @Test
    void refusesTags() {
        assertThat(Configs.problems("debug: !!java.lang.Runtime x\n"))
                .containsExactly("gateway.yaml:1:8: tag tag:yaml.org,2002:java.lang.Runtime (expected: no tags)");
    }

    @Test
    void refusesASecondDocument() {
        assertThat(Configs.problems(LEAST + "---\ndebug: true\n"))
                .containsExactly("gateway.yaml:3:1: a second document (expected: one)");
    }

    @Test
    void readsAScalarAsLargeAsAFileMayBe() {
        String huge = "x".repeat(ConfigFile.MAX_BYTES - LEAST.length() - 20);

        assertThat(Configs.problems(LEAST + "listen: " + huge))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:3:9: listen: xxxx")
                .hasSizeLessThan(200);
        assertThat(Configs.problems(LEAST + huge + ": 1"))
                .singleElement()
                .asString()
                .hasSizeLessThan(200);
    }

    @Test
    void refusesAFileThatIsTooLarge() throws Exception {
        Path file = folder.resolve("large.yaml");
        Files.writeString(file, "#".repeat(ConfigFile.MAX_BYTES + 1));

        assertThat(problemsOf(file)).containsExactly(file + ": larger than 256kb");
    }

    @Test
    void saysThatAFileIsMissing() {
        Path file = folder.resolve("absent.yaml");

        assertThat(problemsOf(file)).containsExactly(file + ": no such file");
    }

    @Test
    void saysWhereTheFirstByteIsThatIsNotUtf8() {
        byte[] latin1 = "# x\nlisten: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        byte[] cutShort = "a: \u00e9".getBytes(StandardCharsets.UTF_8);

        assertThat(Configs.problems(latin1, Map.of())).containsExactly("gateway.yaml:2:12: not UTF-8");
        assertThat(Configs.problems(java.util.Arrays.copyOf(cutShort, cutShort.length - 1), Map.of()))
                .containsExactly("gateway.yaml:1:4: not UTF-8");
    }

    @Test
    void saysWhereAControlCharacterIs() {
        assertThat(Configs.problems("a: b\nc: \u0007\n"))
                .containsExactly("gateway.yaml:2:4: not YAML: character U+0007 is not allowed");
    }

    @Test
    void keepsMessagesOnOneLine() {
        assertThat(Configs.problems(LEAST + "debug: \"a\\nforged:1:1: line\\e[31m\"\n"))
                .containsExactly("gateway.yaml:3:8: debug: a forged:1:1: line [31m (expected: true or false)");
    }

    @Test
    void acceptsAByteOrderMark() {
        assertThat(Configs.problems("\uFEFF" + LEAST)).isEmpty();
    }

    private static List<String> problemsOf(Path file) {
        try {
            ConfigFile.load(file, Map.of());
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
