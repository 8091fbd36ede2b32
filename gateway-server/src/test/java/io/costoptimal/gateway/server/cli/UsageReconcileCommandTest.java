package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.Main;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.runtime.LedgerStores;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger's real file beside a provider's figures. */
class UsageReconcileCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @BeforeEach
    void writeLedger() throws Exception {
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                api_keys: [{key: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", name: team}]
                providers:
                  - {id: openai, base_url: https://api.openai.com/v1}
                  - {id: other, base_url: https://other.test/v1}
                  - {id: claude, type: anthropic, base_url: https://api.anthropic.com}
                default_provider: openai
                save_usage: true
                storage_uri: file:%s
                """.formatted(folder.resolve("usage.db")));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        try (LedgerStore store =
                LedgerStores.store(ConfigFile.load(config, Map.of()).ledger())) {
            store.write(List.of(row("req_1", "openai", 100, 20), row("req_2", "other", 7, 1)), List.of());
        }
    }

    private static Row row(String request, String provider, long input, long output) {
        return new Row()
                .set(Column.STARTED_AT, Instant.parse("2026-11-02T10:00:00Z").toEpochMilli())
                .set(Column.REQUEST_ID, request)
                .set(Column.ATTEMPT, 1)
                .set(Column.KEY, "team")
                .set(Column.MODEL, Row.OTHER)
                .set(Column.MODEL_SENT, "gpt-4o")
                .set(Column.PROVIDER, provider)
                .set(Column.STREAM, false)
                .set(Column.OUTCOME, "completed")
                .set(Column.STATUS, 200)
                .set(Column.TOKEN_SOURCE, "reported")
                .set(Column.INPUT_TOKENS, input)
                .set(Column.OUTPUT_TOKENS, output)
                .set(Column.PARTIAL, false)
                .set(Column.PRICE_VERSION, "none")
                .set(Column.COUNTED, false);
    }

    @Test
    void equalBooksAreExitCodeZero() throws Exception {
        assertThat(reconcile(
                        "date,model,input_tokens,output_tokens\n2026-11-02,gpt-4o,100,20\n", "--provider", "openai"))
                .isEqualTo(Exit.OK);
        assertThat(out.toString()).isEqualTo("2026-11-02 to 2026-11-02, providers openai: 0 of 2 figures differ\n");
    }

    @Test
    void differencesAreATableAndAnExitCodeOfTheirOwn() throws Exception {
        String figures = """
                {"data": [{"start_time": 1793577600, "results": [
                  {"model": "gpt-4o-2024-08-06", "input_tokens": 107, "input_cached_tokens": 5, "output_tokens": 21}]}],
                 "has_more": true}
                """;
        assertThat(reconcile(figures)).isEqualTo(Exit.DIFFERENT);
        assertThat(out.toString()).isEqualTo("""
                        day         model   tokens                            ours           theirs       difference
                        2026-11-02  gpt-4o  input_tokens                       107              102               +5
                        2026-11-02  gpt-4o  cached_input_tokens                  0                5               -5
                        2026-11-02 to 2026-11-02, providers openai, other: 2 of 4 figures differ
                        """);
        assertThat(err.toString()).contains("there are more pages, which are not in it");
    }

    @Test
    void whatIsEqualIsShownOnlyWhenAskedFor() throws Exception {
        String figures = "date,model,output_tokens\n2026-11-02,gpt-4o,21\n";
        assertThat(reconcile(figures, "--all")).isEqualTo(Exit.OK);
        assertThat(out.toString()).contains("output_tokens                       21               21               +0");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(reconcile("nonsense")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("line 1: nonsense (expected: JSON, or CSV with date, model");

        assertThat(reconcile("date,model,output_tokens\n", "--provider", "openai"))
                .isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("no day (expected: at least one)");

        assertThat(reconcile("date,model,output_tokens\n2026-11-02,m,1\n", "--provider", "x"))
                .isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("--provider: x (expected: one of openai, other, claude)");
    }

    /** What a provider's file says, or whoever wrote into it, is text and steers no terminal. */
    @Test
    void namesDoNotReachTheTerminalAsControls() throws Exception {
        String model = "a\u001b[2J\u0007\u009b31m\u202eb";
        assertThat(reconcile("date,model,input_tokens\n2026-11-02," + model + ",5\n"))
                .isEqualTo(Exit.DIFFERENT);
        assertThat(out.toString()).contains("2026-11-02  a?[2J??31m?b  input_tokens   ");

        assertThat(reconcile("date,model,input_tokens\n" + model + ",m,5\n")).isEqualTo(Exit.USAGE);
        assertThat(reconcile("{\"data\": \"\\u001b[2J\"}")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("line 2: date: a?[2J??31m?b (expected:", "data: ?[2J (expected:");
        assertThat(out + err.toString()).doesNotContain("\u001b", "\u0007", "\u009b", "\u202e");
    }

    private int reconcile(String figures, String... options) throws Exception {
        Path file = folder.resolve("figures");
        Files.writeString(file, figures);
        String[] line = new String[options.length + 5];
        System.arraycopy(
                new String[] {
                    "usage",
                    "reconcile",
                    file.toString(),
                    "--config",
                    folder.resolve("gateway.yaml").toString()
                },
                0,
                line,
                0,
                5);
        System.arraycopy(options, 0, line, 5, options.length);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line);
    }
}
