package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Line;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is in the files when the process that wrote them is killed, or its disk takes no more. */
@Timeout(120)
class LedgerProcessTest {

    private static final Filter ALL = new Filter(0, Long.MAX_VALUE, Map.of());
    private static final Pattern END = Pattern.compile("end written=(\\d+) dropped=(\\d+) errors=(\\d+)");

    @TempDir
    Path folder;

    @Test
    void whatWasWrittenOutlivesAKill() throws Exception {
        Process process = probe("", 10_000_000, 100_000);
        long written = 0;
        try (BufferedReader said = process.inputReader()) {
            while (written < 20_000) {
                written = Long.parseLong(said.readLine().split(" ")[1]);
            }
            process.destroyForcibly();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        BitSet found = found();
        assertThat(found.cardinality()).isGreaterThanOrEqualTo((int) written);
        // In the order in which they came: only the newest are lost.
        assertThat(found.nextClearBit(0)).isEqualTo(found.cardinality());
        assertSound(found.cardinality());
    }

    @Test
    void aKilledLedgerIsWrittenOn() throws Exception {
        for (int run = 0; run < 3; run++) {
            Process process = probe("", 10_000_000, 100_000);
            try (BufferedReader said = process.inputReader()) {
                while (Long.parseLong(said.readLine().split(" ")[1]) < 2_000) {
                    // It goes on.
                }
                process.destroyForcibly();
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            int rows = rows().size();
            assertThat(rows).isGreaterThanOrEqualTo((run + 1) * 2_000);
            assertSound(rows);
        }
    }

    /** The system lets no file of the process grow beyond 4 MB, which fails as a full disk does. */
    @Test
    void onAFullDiskEveryRowIsWrittenOrCounted() throws Exception {
        int count = 40_000;
        Process process = probe("ulimit -f 8192;", count, 2_000);
        String last = "";
        try (BufferedReader said = process.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                last = line;
            }
        }
        assertThat(process.waitFor()).isZero();
        Matcher end = END.matcher(last);
        assertThat(end.matches()).as(last).isTrue();
        long written = Long.parseLong(end.group(1));
        long dropped = Long.parseLong(end.group(2));

        assertThat(written + dropped).isEqualTo(count);
        assertThat(dropped).isPositive();
        assertThat(Long.parseLong(end.group(3))).isPositive();
        assertThat(written).isPositive();
        assertThat(rows()).hasSize((int) written);
        assertSound(written);
    }

    @Test
    void aLedgerThatAnotherProcessWritesIsTakenOverWhenThatEnds() throws Exception {
        Process process = probe("", 10_000_000, 100_000);
        List<Row> mine = List.of(new TestRows().at(TestRows.at("2026-11-29T00:00:00Z")));
        try (SqliteStore store = new SqliteStore(SqliteFiles.of(address()), Clock.systemUTC());
                BufferedReader said = process.inputReader()) {
            while (Long.parseLong(said.readLine().split(" ")[1]) < 1_000) {
                // It goes on.
            }
            assertThatThrownBy(() -> store.write(mine, List.of()))
                    .hasMessageContaining("another gateway writes this ledger");
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            store.write(mine, List.of());
        }
        assertThat(rows()).endsWith(mine.get(0));
    }

    private Process probe(String shell, int count, int queue) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell + " exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(LedgerProbe.class.getName(), address(), "" + count, "" + queue));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private String address() {
        return "file:" + folder.resolve("usage.db");
    }

    private LedgerQueries queries() {
        return new SqliteStore(SqliteFiles.of(address()), Clock.systemUTC()).queries(null);
    }

    private List<Row> rows() throws LedgerException {
        List<Row> rows = new ArrayList<>();
        queries().forEach(ALL, rows::add);
        return rows;
    }

    private BitSet found() throws LedgerException {
        BitSet found = new BitSet();
        rows().forEach(row -> found.set(Integer.parseInt(row.text(Column.CLIENT_REQUEST_ID))));
        return found;
    }

    /** Roll-ups are of exactly the rows that are there, and the file is whole. */
    private void assertSound(long rows) throws Exception {
        RollUp expected = new RollUp();
        rows().forEach(expected::add);
        for (Period period : new Period[] {Period.HOUR, Period.DAY}) {
            RollUp sums = new RollUp();
            for (Line line : queries().summary(ALL, new Grouping(List.of(Dimension.values()), period))) {
                sums.add(line.sums());
            }
            for (Sum sum : Sum.ALL) {
                assertThat(sums.sum(sum)).as(period + " " + sum).isEqualTo(expected.sum(sum));
            }
            assertThat(sums.total().toBytes()).isEqualTo(expected.total().toBytes());
        }
        assertThat(expected.sum(Sum.ATTEMPTS)).isEqualTo(rows);
    }

    @Test
    void theCommandOfSqliteReadsALiveFile() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/sqlite3")), "sqlite3 is not installed");
        Process process = probe("", 10_000_000, 100_000);
        try (BufferedReader said = process.inputReader()) {
            while (Long.parseLong(said.readLine().split(" ")[1]) < 1_000) {
                // It goes on.
            }
            for (int i = 0; i < 5; i++) {
                String sums = sqlite3("SELECT (SELECT count(*) FROM attempts) - (SELECT sum(attempts) FROM rollups)");
                assertThat(sums).isEqualTo("0");
            }
            long before = Long.parseLong(sqlite3("SELECT count(*) FROM attempts"));
            assertThat(before).isGreaterThanOrEqualTo(1_000);
            assertThat(sqlite3("PRAGMA integrity_check")).isEqualTo("ok");
            // It was not held up.
            while (Long.parseLong(said.readLine().split(" ")[1]) <= before) {
                // It goes on.
            }
            process.destroyForcibly();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private String sqlite3(String sql) throws Exception {
        Process process = new ProcessBuilder(
                        "/usr/bin/sqlite3",
                        "-readonly",
                        "-cmd",
                        ".timeout 5000",
                        folder.resolve("usage-2026-11.db").toString(),
                        sql)
                .redirectErrorStream(true)
                .start();
        String answer = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as(answer).isZero();
        return answer;
    }
}
