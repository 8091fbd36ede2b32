package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainCommandTest {

    private static final String CHAT = "/v1/chat/completions";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @BeforeEach
    void writeConfig() throws IOException {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                api_keys: [{key: hush-1, name: team}, {key: hush-2, name: narrow, models: [o3]}]
                providers:
                  - {id: openai, base_url: https://api.openai.com/v1, access_token: hush-3}
                  - {id: az, type: azure, base_url: https://corp.openai.azure.com, access_token: hush-4, api_version: 2024-10-21}
                models:
                  - model: gpt-4o
                    providers: [openai, az]
                    rules:
                      - {rule: 'Key == "team" && Headers["x-tier"] == "batch"', providers: [az]}
                      - {rule: TokenCount > 12000, providers: {az: long, openai: gpt-4o-mini}}
                      - {rule: TokenCount < 12, providers: [openai]}
                  - {model: o3, providers: [openai]}
                alias: [{model: fast, target: gpt-4o}]
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void namesTheRuleTheIntervalAndTheCandidates() throws IOException {
        String body = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(13_000)
                + "\"}]}";

        assertThat(explain(CHAT, body)).isZero();
        assertThat(out.toString().replaceAll("\"(low|high|exact|TokenCount)\" ?: ?\\d+", "\"$1\": N"))
                .isEqualTo("""
                {
                  "request": "POST /v1/chat/completions",
                  "model": {
                    "asked": "fast",
                    "resolved": "gpt-4o"
                  },
                  "tokens": {
                    "low": N,
                    "high": N,
                    "counted": true,
                    "exact": N
                  },
                  "rules": [
                    {
                      "rule": "Key == \\"team\\" && Headers[\\"x-tier\\"] == \\"batch\\"",
                      "matched": false,
                      "trace": {
                        "holds": false,
                        "parts": [
                          {
                            "condition": "Key == \\"team\\"",
                            "holds": false,
                            "values": {
                              "Key": ""
                            }
                          },
                          {
                            "condition": "Headers[\\"x-tier\\"] == \\"batch\\"",
                            "holds": false,
                            "values": {
                              "Headers[\\"x-tier\\"]": null
                            }
                          }
                        ]
                      }
                    },
                    {
                      "rule": "TokenCount > 12000",
                      "matched": true,
                      "trace": {
                        "holds": true,
                        "values": {
                          "TokenCount": N
                        }
                      }
                    }
                  ],
                  "why": "rule 2: TokenCount > 12000",
                  "candidates": [
                    {
                      "provider": "az",
                      "type": "azure",
                      "model": "long",
                      "url": "https://corp.openai.azure.com/openai/deployments/long/chat/completions?api-version=2024-10-21"
                    },
                    {
                      "provider": "openai",
                      "type": "openai",
                      "model": "gpt-4o-mini",
                      "url": "https://api.openai.com/v1/chat/completions"
                    }
                  ],
                  "urls": {
                    "openai": "https://api.openai.com/v1/chat/completions",
                    "az": "https://corp.openai.azure.com/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21"
                  }
                }
                """);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void saysWhichRuleRefusesARequest() throws IOException {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "    rules:\n",
                                "    rules:\n      - {rule: Stream, reject: {message: No streams.}}\n"));

        assertThat(explain(CHAT, "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}"))
                .isEqualTo(3);
        assertThat(out.toString())
                .contains("\"why\": \"rule 1: Stream\"", "\"candidates\": []", "\"status\": 403", "No streams.");
        assertThat(err.toString()).isEqualTo("refused: 403 No streams.\n");
    }

    @Test
    void showsWhatCandidatesCostAndWhatTheChoiceRestsOn() throws IOException {
        write("""
                api_keys: ["sha256:%s"]
                providers: [{id: a, base_url: http://a.test}, {id: b, base_url: http://b.test}]
                prices:
                  - {provider: a, model: m, input: 3, output: 15}
                  - {provider: b, model: m, input: 1, output: 5}
                models:
                  - model: m
                    strategy: cheapest
                    providers: [a, b]
                    rules:
                      - rule: Cost("a") > 0.5 || InputPrice("b") > 2
                        providers: [a]
                """.formatted("0".repeat(64)));

        assertThat(explain(CHAT, "{\"model\":\"m\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\"}]}"))
                .isZero();
        String said = out.toString();
        // 58 bytes and 10 tokens of output; a quarter of the bytes is likely.
        assertThat(said.replaceAll("\\s+", " "))
                .contains("\"Cost(\\\"a\\\")\": \"0.00015 to 0.000324\"")
                .contains("\"InputPrice(\\\"b\\\")\": 1.0")
                .contains("\"choice\": { \"strategy\": \"cheapest\", \"decision\": \"estimated\", \"low_nano_usd\": 0,"
                        + " \"high_nano_usd\": 108000, \"expected_nano_usd\": 64000, \"regret_nano_usd\": 50000 }")
                .containsSubsequence(
                        "\"provider\": \"b\"",
                        "\"high_nano_usd\": 108000, \"expected_nano_usd\": 64000",
                        "\"provider\": \"a\"",
                        "\"high_nano_usd\": 324000, \"expected_nano_usd\": 192000");
    }

    @Test
    void saysProvenWhereItIs() throws IOException {
        writeTwoPlacesOfOneModel();
        String text = "{\"role\":\"user\",\"content\":\"hi\"}";

        explain(CHAT, "{\"model\":\"gpt-4o\",\"max_tokens\":10,\"messages\":[" + text + "]}");
        assertThat(out.toString()).contains("\"decision\": \"proven\"");
    }

    @Test
    void takesEncodedImagesForNoTextAtEachCandidate() throws IOException {
        writeTwoPlacesOfOneModel();
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:" + "A".repeat(10_000) + "\"}}";
        String message = "{\"role\":\"user\",\"content\":[" + image + "]}";

        explain(CHAT, "{\"model\":\"gpt-4o\",\"max_tokens\":10,\"messages\":[" + message + "]}");
        assertThat(out.toString()).contains("\"decision\": \"estimated\"");
        Matcher high = Pattern.compile("\"high_nano_usd\": (\\d+)").matcher(out.toString());
        assertThat(high.results().map(found -> found.group(1)).limit(2).distinct())
                .as("of the choice, and of the candidate that was chosen")
                .hasSize(1);
    }

    private void writeTwoPlacesOfOneModel() throws IOException {
        write("""
                api_keys: ["sha256:%s"]
                providers:
                  - {id: a, base_url: https://api.openai.com/v1}
                  - {id: b, base_url: http://b.test, price_as: openai/*}
                prices: [{provider: b, model: gpt-4o, input: 0.1, output: 0.4}]
                models: [{model: gpt-4o, strategy: cheapest, providers: [a, b]}]
                """.formatted("0".repeat(64)));
    }

    @Test
    void asksAsIfItWereAnotherTime() throws IOException {
        write("""
                api_keys: ["sha256:%s"]
                providers: [{id: a, base_url: http://a.test}, {id: b, base_url: http://b.test}]
                models:
                  - model: m
                    providers: [a]
                    rules: [{rule: Hour >= 22 || Weekday in 6..7, providers: [b]}]
                """.formatted("0".repeat(64)));
        String body = "{\"model\":\"m\"}";

        assertThat(explain(CHAT, body, "--at", "2026-11-27T22:30:00Z")).isZero();
        assertThat(out.toString()).contains("\"why\": \"rule 1: ", "\"Hour\": 22");
        out.getBuffer().setLength(0);
        assertThat(explain(CHAT, body, "--at", "2026-11-27T21:59:59Z")).isZero();
        assertThat(out.toString()).contains("\"why\": \"providers\"", "\"Weekday\": 5");
    }

    @Test
    void saysThatBoundsWereEnough() throws IOException {
        assertThat(explain(CHAT, "{\"model\":\"o3\",\"messages\":[]}")).isZero();
        assertThat(out.toString())
                .contains("\"low\": 0", "\"high\": 28", "\"counted\": false", "\"why\": \"providers\"");
    }

    @Test
    void countsWhatASmallBodyLeavesOpen() throws IOException {
        assertThat(explain(CHAT, "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .isZero();
        assertThat(out.toString()).contains("\"counted\": true", "\"why\": \"rule 3: TokenCount < 12\"");
    }

    @Test
    void tellsTheExactCountBesideTheIntervalThatWasEnough() throws IOException {
        explain(
                CHAT,
                "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(13_000)
                        + "\"}]}");

        int exact = number("exact");
        assertThat(exact).isBetween(13_000, 13_020);
        assertThat(number("low")).isBetween(12_001, exact);
        assertThat(number("TokenCount")).isEqualTo(exact);
    }

    private int number(String name) {
        Matcher found = Pattern.compile("\"" + name + "\": (\\d+)").matcher(out.toString());
        assertThat(found.find()).as(name).isTrue();
        return Integer.parseInt(found.group(1));
    }

    @Test
    void looksAtKeyAndHeaders() throws IOException {
        assertThat(explain(CHAT, "{\"model\":\"gpt-4o\"}", "--key", "team", "--header", "X-Tier: batch"))
                .isZero();
        assertThat(out.toString()).contains("\"why\": \"rule 1: ", "\"model\": \"gpt-4o\"");
    }

    @Test
    void takesTheModelFromAnAzurePath() throws IOException {
        assertThat(explain("/openai/deployments/o3/chat/completions?api-version=1", "{}"))
                .isZero();
        assertThat(out.toString())
                .contains("\"asked\": \"o3\"", "\"url\": \"https://api.openai.com/v1/chat/completions?api-version=1\"");
    }

    @Test
    void saysWhyARequestWouldBeRefused() throws IOException {
        record Refused(int status, String path, String body, String... more) {}
        List<Refused> refused = List.of(
                new Refused(404, CHAT, "{\"model\":\"nope\"}"),
                new Refused(404, "/v1/nothing", "{}"),
                new Refused(405, "/v1/models", "{}"),
                new Refused(400, CHAT, "{\"model\":\"o3\""),
                new Refused(400, CHAT, "{}"),
                new Refused(403, CHAT, "{\"model\":\"gpt-4o\"}", "--key", "narrow"),
                new Refused(415, CHAT, "{\"model\":\"o3\"}", "--header", "content-encoding: br"));

        for (Refused row : refused) {
            out.getBuffer().setLength(0);
            err.getBuffer().setLength(0);
            assertThat(explain(row.path(), row.body(), row.more())).isEqualTo(3);
            assertThat(out.toString()).contains("\"status\": " + row.status()).doesNotContain("candidates");
            assertThat(err.toString().lines()).singleElement().asString().startsWith("refused: " + row.status() + " ");
        }
    }

    @Test
    void refusesWhatItCannotAskAbout() throws IOException {
        assertThat(explain(CHAT, "{}", "--key", "nobody")).isEqualTo(2);
        assertThat(explain(CHAT, "{}", "--header", "broken")).isEqualTo(2);
        assertThat(explain(CHAT, "{}", "--header", "a: b\r\nc: d")).isEqualTo(2);
        assertThat(run("explain", "-c", folder + "/gateway.yaml", "--path", CHAT, "--body", folder + "/no"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--key: no key is called nobody (expected: one of team, narrow)")
                .contains("--header: broken (expected: name:value)")
                .contains("/no (expected: a file that can be read, or -)")
                .doesNotContain("hush", "\tat ");
        assertThat(out.toString()).isEmpty();
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), yaml);
    }

    private int explain(String path, String body, String... more) throws IOException {
        Path file = folder.resolve("body.json");
        Files.writeString(file, body);
        List<String> args = new ArrayList<>(
                List.of("explain", "--config", folder + "/gateway.yaml", "--path", path, "--body", file.toString()));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private int run(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
