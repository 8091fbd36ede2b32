package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PricesCommandsTest {

    private static final String CONFIG = """
            api_keys: ["sha256:%s"]
            providers:
              - {id: official, base_url: https://api.openai.com/v1, access_token: "${TOKEN}"}
              - {id: house, base_url: https://house.example.com}
            models:
              - {model: gpt-4o, strategy: cheapest, providers: [official, {provider: house, model: big-1}]}
              - {model: "o*", providers: [official]}
            alias: [{model: fast, target: gpt-4o}]
            prices: [{provider: house, model: big-1, input: 3, cached_input: 0.30, output: 15, per_request: 0.0005, context: 1000000,
                      tiers: [{above: 200000, input: 6, output: 22.50}]}]
            """.formatted("0".repeat(64));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void showsWhatTheProvidersOfAConfigurationTakeForAModelAsClientsAskForIt() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), CONFIG);

        assertThat(run("prices", "show", "fast", "--config", file.toString())).isZero();
        assertThat(out).hasToString("""
                official gpt-4o = openai/gpt-4o, from catalogue@2026-11-27
                  input                       2.5
                  cached_input               1.25
                  cache_write                 2.5 *
                  cache_write_1h              2.5 *
                  output                       10
                  reasoning                    10 *
                  per_request                   0
                  context                  128000
                  max_output                16384
                  Dollars for a million tokens; * follows from another class.
                house big-1, from config
                  tokens of input    up to 200000   above 200000
                  input                         3              6
                  cached_input                0.3            0.6
                  cache_write                   3              6 *
                  cache_write_1h                3              6 *
                  output                       15           22.5
                  reasoning                    15           22.5 *
                  per_request              0.0005
                  context                 1000000
                  max_output            not known
                  Dollars for a million tokens; * follows from another class.
                """);
    }

    @Test
    void showsOneProviderOnlyAndNamesOfTheProviders() throws IOException {
        String file = Files.writeString(folder.resolve("gateway.yaml"), CONFIG).toString();

        assertThat(run("prices", "show", "o3", "--provider", "official", "-c", file))
                .isZero();
        assertThat(out.toString()).startsWith("official o3 = openai/o3, from catalogue@2026-11-27\n  input");
        assertThat(out.toString()).doesNotContain("house");
        out.getBuffer().setLength(0);

        assertThat(run("prices", "show", "big-1", "--provider", "house", "-c", file))
                .isZero();
        assertThat(out.toString()).startsWith("house big-1, from config\n");
        out.getBuffer().setLength(0);

        assertThat(run("prices", "show", "big-2", "--provider", "house", "-c", file))
                .isEqualTo(Exit.FAILED);
        assertThat(out).hasToString("house big-2: no price is known\n");

        assertThat(run("prices", "show", "o3", "--provider", "hose", "-c", file))
                .isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("--provider: hose (expected: one of official, house)");
    }

    @Test
    void showsListPricesByTheHostsWhereAConfigurationAsksForNoPrices() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), """
                api_keys: [k]
                providers: [{id: official, base_url: https://api.openai.com/v1}]
                """);

        assertThat(run("prices", "show", "o3", "--config", file.toString())).isZero();
        assertThat(out.toString()).startsWith("official o3 = openai/o3, from catalogue@2026-11-27\n");
    }

    @Test
    void showsEveryListPriceWithoutAConfiguration() {
        assertThat(run("prices", "show", "gpt-4o")).isZero();
        assertThat(out.toString())
                .contains("openai/gpt-4o, from catalogue@", "azure/gpt-4o = openai/gpt-4o, from catalogue@");
        out.getBuffer().setLength(0);

        assertThat(run("prices", "show", "azure/gpt-4o")).isZero();
        assertThat(out.toString()).doesNotContain("\nopenai/gpt-4o").startsWith("azure/gpt-4o");
        out.getBuffer().setLength(0);

        assertThat(run("prices", "show", "gpt-nobody-has")).isEqualTo(Exit.FAILED);
        assertThat(out.toString()).isEmpty();
        assertThat(err).hasToString("no price of gpt-nobody-has is known\n");
    }

    @Test
    void importsAListThatAConfigurationThenLoads() throws IOException {
        Path list = Files.writeString(folder.resolve("prices.json"), """
                {"o3": {"litellm_provider": "openai", "input_cost_per_token": 1.9e-06, "output_cost_per_token": 7e-06},
                 "image": {"litellm_provider": "openai", "output_cost_per_image": 0.04}}
                """);
        Path csv = folder.resolve("list.csv");

        assertThat(run("prices", "import", list.toString(), "--out", csv.toString(), "--date", "2026-11-20"))
                .isZero();
        assertThat(out)
                .hasToString(
                        "1 prices of 1 vendors from LiteLLM, 1 models without a price for tokens, 0 entries left out\n");
        assertThat(err.toString()).isEmpty();
        assertThat(Files.readString(csv)).isEqualTo("""
                # What models cost, in US dollars for a million tokens; from LiteLLM.
                # date: 2026-11-20
                vendor,model,above,input,cached_input,cache_write,cache_write_1h,audio_input,output,reasoning,audio_output,per_request,context,max_output
                openai,o3,,1.9,,,,,7,,,,,
                """);
        out.getBuffer().setLength(0);

        Path file = Files.writeString(folder.resolve("gateway.yaml"), CONFIG + "prices_file: list.csv\n");
        assertThat(run("prices", "show", "o3", "--config", file.toString())).isZero();
        assertThat(out.toString())
                .startsWith(
                        "official o3 = openai/o3, from file:list.csv@2026-11-20\n  input                       1.9\n");
    }

    @Test
    void namesWhatItLeavesOutAndSaysSoWithItsExitCode() throws IOException {
        Path list = Files.writeString(folder.resolve("api.json"), """
                {"a": {"models": {"good": {"cost": {"input": 1, "output": 2}}, "bad": {"cost": {"input": -1, "output": 2}}}}}
                """);
        Path csv = folder.resolve("list.csv");

        assertThat(run("prices", "import", list.toString(), "--out", csv.toString()))
                .isEqualTo(Exit.IN_PART);
        assertThat(err).hasToString("left out: a/bad: input: -1 (expected: a number of dollars, not negative)\n");
        assertThat(csv).exists();
    }

    @Test
    void writesNothingWhenNothingCanBeUsed() throws IOException {
        Path csv = folder.resolve("list.csv");
        Path other = Files.writeString(folder.resolve("other.json"), "{\"a\": 1}");
        Path bad = Files.writeString(
                folder.resolve("bad.json"), "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": \"?\"}}");

        assertThat(run("prices", "import", other.toString(), "--out", csv.toString()))
                .isEqualTo(Exit.FAILED);
        assertThat(run("prices", "import", bad.toString(), "--out", csv.toString()))
                .isEqualTo(Exit.FAILED);
        assertThat(run("prices", "import", folder.resolve("none.json").toString(), "--out", csv.toString()))
                .isEqualTo(Exit.FAILED);
        assertThat(run("prices")).isEqualTo(Exit.USAGE);
        assertThat(err.toString())
                .contains(
                        "neither LiteLLM's prices (models with litellm_provider) nor models.dev's api.json",
                        "bad.json: no price that can be used",
                        "none.json: no such file or folder",
                        "no command (expected: import or show)");
        assertThat(csv).doesNotExist();
    }

    @Test
    void checkShowsThePricesInForceWhereSomethingAsksForThem() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), CONFIG);

        assertThat(run("check", "--no-env", file.toString())).isZero();
        assertThat(out.toString()).contains("""
                prices      2, dollars for a million tokens
                  official gpt-4o  2.5 in, 10 out, from catalogue@2026-11-27
                  house big-1      3 in, 15 out, above 200000 6 in, 22.5 out, from config
                  official o*      by name
                """);
    }

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
