package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.Main;
import io.costoptimal.gateway.server.config.ConfigFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void checkPrintsTheRoutingTable() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                listen: 127.0.0.1:9000
                admin: {listen: :9001}
                api_keys: [hush-1, {key: hush-2, name: ops, role: admin}]
                providers:
                  - {id: openai, base_url: https://api.openai.com/v1, access_token: hush-3, headers: {X-A: hush-4}}
                  - {id: az, type: azure, base_url: https://corp.openai.azure.com, timeout: 1500ms}
                models:
                  - model: gpt-4o
                    providers: [openai, az]
                    rules:
                      - rule: TokenCount > 12000
                        providers: {az: long, openai: gpt-4o-mini}
                      - rule: |
                          Stream
                            && Key == "ops"
                        providers: [az]
                    retry_on: [connect_error, no_answer, 429, 5xx]
                  - {model: o3, providers: [openai]}
                alias: [{model: fast, target: gpt-4o}, {model: best, target: o3}]
                """.replace("{listen: :9001}", "{listen: ':9001'}"));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(out).hasToString("""
                listen      127.0.0.1:9000
                admin       127.0.0.1:9001
                keys        2, 1 of role admin: key-1, ops
                providers   2
                  openai  openai     https://api.openai.com/v1      first byte 300s, sets X-A
                    /v1/chat/completions        https://api.openai.com/v1/chat/completions
                    /v1/responses               https://api.openai.com/v1/responses
                    /v1/responses/input_tokens  https://api.openai.com/v1/responses/input_tokens
                    /v1/responses/compact       https://api.openai.com/v1/responses/compact
                    /v1/completions             https://api.openai.com/v1/completions
                    /v1/embeddings              https://api.openai.com/v1/embeddings
                    /v1/moderations             https://api.openai.com/v1/moderations
                    /v1/images/generations      https://api.openai.com/v1/images/generations
                    /v1/images/edits            https://api.openai.com/v1/images/edits
                    /v1/images/variations       https://api.openai.com/v1/images/variations
                    /v1/audio/speech            https://api.openai.com/v1/audio/speech
                    /v1/audio/transcriptions    https://api.openai.com/v1/audio/transcriptions
                    /v1/audio/translations      https://api.openai.com/v1/audio/translations
                    /v1/rerank                  https://api.openai.com/v1/rerank
                    /rerank                     https://api.openai.com/rerank
                    /v1/score                   https://api.openai.com/v1/score
                    /score                      https://api.openai.com/score
                    /v1/messages                https://api.openai.com/v1/messages
                    /v1/messages/count_tokens   https://api.openai.com/v1/messages/count_tokens
                    /v1/videos                  https://api.openai.com/v1/videos
                    /v1/videos/edits            https://api.openai.com/v1/videos/edits
                    /v1/videos/extensions       https://api.openai.com/v1/videos/extensions
                  az      azure      https://corp.openai.azure.com  first byte 1.5s
                    /v1/chat/completions        https://corp.openai.azure.com/openai/deployments/{deployment}/chat/completions
                    /v1/responses               https://corp.openai.azure.com/openai/responses
                    /v1/responses/input_tokens  https://corp.openai.azure.com/openai/responses/input_tokens
                    /v1/responses/compact       https://corp.openai.azure.com/openai/responses/compact
                    /v1/completions             https://corp.openai.azure.com/openai/deployments/{deployment}/completions
                    /v1/embeddings              https://corp.openai.azure.com/openai/deployments/{deployment}/embeddings
                    /v1/moderations             https://corp.openai.azure.com/openai/moderations
                    /v1/images/generations      https://corp.openai.azure.com/openai/deployments/{deployment}/images/generations
                    /v1/images/edits            https://corp.openai.azure.com/openai/deployments/{deployment}/images/edits
                    /v1/images/variations       https://corp.openai.azure.com/openai/deployments/{deployment}/images/variations
                    /v1/audio/speech            https://corp.openai.azure.com/openai/deployments/{deployment}/audio/speech
                    /v1/audio/transcriptions    https://corp.openai.azure.com/openai/deployments/{deployment}/audio/transcriptions
                    /v1/audio/translations      https://corp.openai.azure.com/openai/deployments/{deployment}/audio/translations
                    /v1/rerank                  https://corp.openai.azure.com/openai/rerank
                    /rerank                     https://corp.openai.azure.com/openai/rerank
                    /v1/score                   https://corp.openai.azure.com/openai/score
                    /score                      https://corp.openai.azure.com/openai/score
                    /v1/messages                https://corp.openai.azure.com/anthropic/v1/messages
                    /v1/messages/count_tokens   https://corp.openai.azure.com/anthropic/v1/messages/count_tokens
                    /v1/videos                  https://corp.openai.azure.com/openai/deployments/{deployment}/videos
                    /v1/videos/edits            https://corp.openai.azure.com/openai/deployments/{deployment}/videos/edits
                    /v1/videos/extensions       https://corp.openai.azure.com/openai/deployments/{deployment}/videos/extensions

                model gpt-4o
                  1. TokenCount > 12000
                       -> az as long, then openai as gpt-4o-mini
                  2. Stream && Key == "ops"
                       -> az
                  otherwise -> openai, then az
                  moves on after connect_error, no_answer, 429, 5xx

                model o3
                  always -> openai

                alias best = o3
                alias fast = gpt-4o
                other models -> 404
                moves on after connect_error, no_answer, timeout, 4xx, 5xx
                """);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void checkSaysInWhichOrderCandidatesAreTriedAndWhatIsRefused() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                api_keys: ["sha256:%s"]
                providers: [{id: a, base_url: http://a.test}, {id: b, base_url: http://b.test}]
                models:
                  - model: m
                    strategy: cheapest
                    providers: [a, {provider: b, model: x}]
                    rules:
                      - {rule: MaxTokens > 9000, reject: {status: 503, message: Not so much at once.}}
                      - {rule: Stream, strategy: weighted, providers: [{provider: a, weight: 3}, b]}
                      - {rule: MaxTokens > 5, affinity: none, providers: [a, b]}
                """.formatted("0".repeat(64)));

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(out.toString()).contains("""
                model m
                  1. MaxTokens > 9000
                       -> 503 Not so much at once.
                  2. Stream
                       -> by lot: 3 x a, 1 x b
                  3. MaxTokens > 5
                       -> the cheapest of a, b, without affinity
                  otherwise -> the cheapest of a, b as x
                """);
    }

    @Test
    void checkSaysWhatEachEntryOfTheRoutesIsAboutAndWhatItDoesNotOpen() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                api_keys: ["sha256:%s", {key: "sha256:%s", name: ops}, {key: "sha256:%s", name: research}]
                providers: [{id: a, base_url: http://a.test}, {id: b, base_url: http://b.test}]
                default_provider: a
                routes:
                  - {paths: ["/v1/files/*", "/v1/batches"], provider: b}
                  - {paths: ["/v1/threads/*"], methods: [POST, GET], keys: [research, ops]}
                  - {paths: ["/v1/conversations/*", "/tokenize"]}
                  - {paths: ["/v1/evals/*"], share_objects: true, keys: [ops]}
                """.formatted("0".repeat(64), "1".repeat(64), "2".repeat(64)));

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(out.toString()).contains("""

                route 1  any method of /v1/files/*, /v1/batches -> b, opens no further paths
                route 2  GET, POST of /v1/threads/* -> a, for ops, research
                route 3  any method of /v1/conversations/*, /tokenize -> a, opens no further paths by /v1/conversations/*
                route 4  any method of /v1/evals/* -> a, for ops, shares objects

                other models -> a
                """);
    }

    @Test
    void checkWarnsOfCredentialsThatEverybodyMayRead() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                api_keys: ["sha256:%s"]
                providers:
                  - {id: a, base_url: http://a.test, access_token: "${PATH}"}
                  - {id: b, base_url: http://b.test, access_token: hush}
                """.formatted("0".repeat(64)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(file + ":4:52: warning: every user of this machine may read this credential"
                        + " (expected: a file mode such as 600, or ${NAME} here)");
    }

    @Test
    void checkWarnsOfRetryOnWithConnectErrorAndWithoutNoAnswer() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                api_keys: [hush]
                providers: [{id: a, base_url: http://a.test}]
                models:
                  - {model: m, providers: [a], retry_on: [connect_error, 429]}
                  - {model: n, providers: [a], retry_on: [no_answer, connect_error]}
                  - {model: o, providers: [a], retry_on: timeout}
                retry_on: connect_error
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(
                        line -> line.contains(
                                "warning: retry_on: connect_error alone covers only requests of which nothing was sent; add no_answer"));
        assertThat(err.toString()).contains(file + ":4:42: ", file + ":7:11: ");
    }

    @Test
    void checkWarnsOfWhatThisVersionDoesNotDo() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                save_usage: true
                storage_uri: file:usage.db?_pragma=journal_mode(WAL)
                providers: [{id: a, base_url: http://a.test, access_token: hush}]
                api_keys: [hush]
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":2:14: warning: storage_uri: _pragma is not used; the ledger has settings of its own",
                        file + ":3:60: warning: every user of this machine may read this credential"
                                + " (expected: a file mode such as 600, or ${NAME} here)");
    }

    @Test
    void checkWarnsOfABaseWhoseOperationsAreElsewhereNow() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                api_keys: ["sha256:%s"]
                providers:
                  - {id: glm, base_url: https://open.bigmodel.cn/api/paas/v4}
                  - {id: former, base_url: https://h.test/api, join: v1}
                  - {id: known, base_url: https://h.test/api, join: sdk}
                  - {id: same, base_url: https://api.groq.com/openai/v1}
                  - {id: claude, type: anthropic, base_url: https://h.test/v4}
                  - {id: az, type: azure, base_url: https://corp.openai.azure.com}
                """.formatted("0".repeat(64)));

        assertThat(run("check", "--config", file.toString())).isZero();
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":3:25: warning: base_url: /v1/chat/completions goes to"
                                + " https://open.bigmodel.cn/api/paas/v4/chat/completions, and went to"
                                + " https://open.bigmodel.cn/api/paas/v4/v1/chat/completions before"
                                + " (join: v1 keeps that; join: sdk ends this warning)",
                        file + ":7:45: warning: base_url: /v1/messages goes to https://h.test/v4/messages, and went to"
                                + " https://h.test/v4/v1/messages before"
                                + " (join: v1 keeps that; join: sdk ends this warning)");
        assertThat(out.toString())
                .contains(
                        "https://open.bigmodel.cn/api/paas/v4/chat/completions",
                        "https://h.test/api/v1/chat/completions",
                        "https://h.test/api/chat/completions");
    }

    @Test
    void checkPrintsEveryProblemAndExitsWithTwo() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, "listne: 1\nproviders: [{id: a, base_url: nope}]\n");

        assertThat(run("check", "-c", file.toString())).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":1:1: missing key: api_keys",
                        file + ":1:1: unknown key: listne (nearest: listen)",
                        file + ":2:31: base_url: nope (expected: http:// or https://)");
    }

    @Test
    void initWritesAFileThatLoadsAndNeverOverwrites() throws Exception {
        Path file = folder.resolve("new.yaml");

        assertThat(run("init", file.toString())).isZero();
        String written = Files.readString(file);
        assertThat(ConfigFile.load(file, Map.of("GATEWAY_KEY", "k", "OPENAI_API_KEY", "t"))
                        .routing()
                        .table()
                        .models())
                .hasSize(1);

        assertThat(run("init", file.toString())).isEqualTo(2);
        assertThat(err).hasToString(file + ": exists already (expected: a new file)" + System.lineSeparator());
        assertThat(file).hasContent(written);
    }

    @Test
    void initPrintsWithoutAFile() {
        assertThat(run("init")).isZero();
        assertThat(out.toString()).startsWith("# A gateway to start from.").contains("api_keys:");
    }

    @Test
    void explainsUsageMistakesWithoutAStackTrace() {
        assertThat(run("check")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(run("chekc")).isEqualTo(2);
        assertThat(err.toString()).contains("--config").doesNotContain("Exception", "\tat ");
    }

    @Test
    void namesTheCommandOrOptionThatWasMeant() {
        assertThat(run("chek")).isEqualTo(2);
        assertThat(run("check", "--no-evn", "x")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "Unmatched argument at index 0: 'chek'",
                        "Did you mean: gateway-server check or gateway-server schema or gateway-server help?",
                        "try: gateway-server --help",
                        "Unknown option: '--no-evn'",
                        "Possible solutions: --no-env",
                        "try: gateway-server check --help");
    }

    @Test
    void saysWhatIsWrongWithAnArgumentInTwoLines() {
        assertThat(run("serve", "--config", "x", "--access-log", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "--access-log: " + folder + " (expected: a file that can be written, - or off)",
                        "try: gateway-server serve --help");
    }

    @Test
    void namesTheFileThatCannotBeWritten() {
        Path nowhere = folder.resolve("none/gateway.yaml");

        assertThat(run("init", nowhere.toString())).isEqualTo(1);
        assertThat(err).hasToString(nowhere + ": no such file or folder" + System.lineSeparator());
    }

    @Test
    void failsWhenNobodyGetsItsResult() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "this system has no device that is always full");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "init")
                .redirectOutput(full.toFile())
                .start();

        assertThat(process.errorReader().lines()).containsExactly("standard output could not be written");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("gateway-server ");
    }

    @Test
    void tellsItsVersionAndItsUseByCommandsToo() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).startsWith("gateway-server ");
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Commands:");
        assertThat(run("help", "check")).isZero();
        assertThat(out.toString()).contains("Usage: gateway-server check", "--no-env");
        assertThat(err.toString()).isEmpty();
        assertThat(run("help", "chekc")).isEqualTo(2);
        assertThat(err.toString()).startsWith("chekc: no such command (expected: serve, demo, check, ");
    }

    @Test
    void takesTheFileWithoutAnOption() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, "api_keys: [k]\nproviders: [{id: a, base_url: http://a.test}]\n");

        assertThat(run("check", file.toString())).isZero();
        assertThat(out.toString()).contains("http://a.test");
        assertThat(run("check", file.toString(), "--config", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("two configurations: ");
    }

    @Test
    void checksWithoutAnySecretWhereNoneIsAtHand() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                listen: ${LISTEN}
                debug: ${DEBUG}
                api_keys: ["${KEY_A}", {key: "${KEY_B}", name: "${NAME_B}"}]
                providers:
                  - {id: a, base_url: "https://${A_HOST}/v1", access_token: "${A_TOKEN}", timeout: "${A_TIMEOUT}"}
                  - {id: b, base_url: "${B_BASE}", type: "${B_TYPE:-anthropic}"}
                models: [{model: m, providers: [a, "${OTHER}"]}]
                alias: [{model: fast, target: "${TARGET}"}]
                """);

        assertThat(run("check", "--no-env", file.toString())).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains("https://a-host/v1", "anthropic", "keys        2");

        Files.writeString(
                file,
                "api_keys: [\"${K}\"]\nproviders: [{id: a, base_url: \"ftp://${HOST}\"}, {id: b, base_url: nope}]\n");
        assertThat(run("check", "--no-env", file.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(file + ":2:67: base_url: nope (expected: http:// or https://)");
    }

    @Test
    void completesItsCommandsInEitherShell() throws Exception {
        for (String shell : List.of("bash", "zsh")) {
            out.getBuffer().setLength(0);
            assertThat(run("completion", shell)).isZero();
            assertThat(out.toString()).contains("serve demo check explain init", "--no-env");
        }
        assertThat(run("completion", "fish")).isEqualTo(2);

        out.getBuffer().setLength(0);
        run("completion", "bash");
        Path script = folder.resolve("completion");
        Files.writeString(
                script, out + "\nCOMP_WORDS=(gateway ch) COMP_CWORD=1\n_complete_gateway; echo \"${COMPREPLY[@]}\"\n");
        Process bash = new ProcessBuilder("bash", script.toString()).start();
        assertThat(bash.inputReader().lines()).containsExactly("check");
    }

    @Test
    void listsEachCommandWithAWholeSentence() {
        assertThat(run("--help")).isZero();
        String commands = out.toString().substring(out.toString().indexOf("Commands:"));
        assertThat(commands.replaceAll("\\R {4,}", " ").lines().skip(1))
                .hasSize(12)
                .allMatch(line -> line.endsWith("."));
    }

    @Test
    void refusesAPortThatDoesNotExistWithoutNamingTheDemosOwnFile() {
        assertThat(run("demo", "--port", "65536")).isEqualTo(2);
        assertThat(err.toString()).startsWith("--port: 65536 (expected: 0 to 65535)");
    }

    private int run(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
