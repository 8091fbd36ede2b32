package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.Main;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.RowText;
import io.costoptimal.gateway.server.ledger.TestRows;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageCommandsTest {

    private static final long NOVEMBER = TestRows.at("2026-11-01T00:00:00Z");
    private static final long MINUTE = 60_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Row> rows = new ArrayList<>();

    @TempDir
    private Path folder;

    private SqliteStore store;
    private String config;

    /** A row for each minute of the two hours around the beginning of November, written by a ledger that stays open. */
    @BeforeEach
    void write() throws Exception {
        Path database = folder.resolve("usage.db");
        store = new SqliteStore(SqliteFiles.of(database.toString()), Clock.systemUTC());
        TestRows made = new TestRows();
        for (int i = -60; i < 60; i++) {
            rows.add(made.at(NOVEMBER + i * MINUTE));
        }
        rows.get(3).set(Column.MODEL_ASKED, "=1+1, \"quoted\"");
        store.write(rows, List.of());
        config = Files.writeString(folder.resolve("gateway.yaml"), """
                save_usage: true
                storage_uri: file:%s
                providers: [{id: a, base_url: http://a.test}]
                api_keys: ["sha256:%s"]
                """.formatted(database, "0".repeat(64)))
                .toString();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-01, 2026-11-02, 60, 120",
        "2026-10-31, 2026-11-01, 0, 60",
        "2026-10-31T23:30:00Z, 2026-11-01T00:10:00Z, 30, 70"
    })
    void exportsTheRowsOfATimeAsCsv(String from, String to, int first, int end) throws Exception {
        assertThat(run("usage", "export", "--from", from, "--to", to, "-c", config))
                .isZero();
        StringBuilder expected = new StringBuilder(RowText.csvHead());
        for (Row row : rows.subList(first, end)) {
            RowText.csv(expected, row);
        }
        assertThat(out).hasToString(expected.toString());
    }

    @Test
    void exportsEverythingAsLinesOfJson() {
        assertThat(run("usage", "export", "--format", "jsonl", config)).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(120);
        assertThat(lines.get(3))
                .startsWith("{\"started_at\":\"2026-10-31T23:03:00.000Z\",\"request_id\":\"req_")
                .contains("\"model_asked\":\"=1+1, \\\"quoted\\\"\"");
    }

    @Test
    void aTextThatASpreadsheetWouldComputeIsMadeHarmless() {
        assertThat(run("usage", "export", config)).isZero();
        assertThat(out.toString()).contains(",\"'=1+1, \"\"quoted\"\"\",");
    }

    @ParameterizedTest
    @CsvSource({"--from, yesterday", "--to, 2026-13-01", "--format, xml", "--to, 2026-11-01T00:00"})
    void whatCannotBeUnderstoodIsSaidWithWhatWasExpected(String option, String value) {
        assertThat(run("usage", "export", option, value, config)).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains(value);
    }

    @Test
    void aLedgerThatIsNotThereYetHasNoRows() throws Exception {
        String other = Files.writeString(
                        folder.resolve("other.yaml"),
                        Files.readString(Path.of(config)).replace("usage.db", "elsewhere.db"))
                .toString();
        assertThat(run("usage", "export", other)).isZero();
        assertThat(out).hasToString(RowText.csvHead());
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
