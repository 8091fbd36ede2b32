package io.costoptimal.gateway.server.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Drop;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerContract;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.Sum;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger in SQLite: files for months come and go. */
class SqliteStoreTest extends LedgerContract {

    @TempDir
    Path folder;

    private SqliteFiles files;

    @Override
    protected LedgerStore open(Clock clock) {
        files = SqliteFiles.of("file:" + folder.resolve("usage.db"));
        return new SqliteStore(files, clock);
    }

    private SqliteStore store(String now) {
        return new SqliteStore(files, at(now));
    }

    @Test
    void aBatchOverTheEdgeOfAMonthGoesIntoTwoFiles() throws Exception {
        List<Row> written = make(100, DECEMBER - HOUR, DECEMBER + HOUR);
        store.write(written, List.of());

        assertThat(folder.resolve("usage-2026-11.db")).exists();
        assertThat(folder.resolve("usage-2026-12.db")).exists();
        assertThat(folder.resolve("usage.db")).doesNotExist();
        assertThat(queries.rows(ALL, null, 1_000, Order.OLDEST_FIRST)).isEqualTo(written);
        assertSummary(ALL, new Grouping(List.of(Dimension.KEY), Period.MONTH), written);
    }

    @Test
    void aRowOfAnOlderMonthLeavesTheNewestMonthOpen() throws Exception {
        List<Row> written = new ArrayList<>();
        for (long month : new long[] {NOVEMBER, DECEMBER, OCTOBER, DECEMBER, NOVEMBER, OCTOBER}) {
            List<Row> rows = make(5, month, month + DAY);
            store.write(rows, List.of());
            written.addAll(rows);
        }
        written.sort(IN_ORDER);
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).isEqualTo(written);
    }

    @Test
    void aMonthGoesWhenItsNewestRowIsOldAndLeavesItsRollUpsAndGaps() throws Exception {
        List<Row> october = make(200, OCTOBER, OCTOBER + 20 * DAY);
        List<Row> november = make(200, NOVEMBER, DECEMBER);
        List<Gap> gaps = List.of(
                new Gap("a", OCTOBER + 5, OCTOBER + 9, 3, Drop.LANE_FULL),
                new Gap("b", NOVEMBER + 5, NOVEMBER + 9, 4, Drop.QUEUE_FULL));
        store.write(october, List.of());
        store.write(november, gaps);
        List<Row> all = new ArrayList<>(october);
        all.addAll(november);

        store.expire(october.get(october.size() - 1).number(Column.STARTED_AT));
        assertThat(folder.resolve("usage-2026-10.db")).exists();
        store.expire(october.get(october.size() - 1).number(Column.STARTED_AT) + 1);

        assertThat(folder.resolve("usage-2026-10.db")).doesNotExist();
        assertThat(folder.resolve("usage-2026-10.db-wal")).doesNotExist();
        assertThat(queries.rows(ALL, null, 1_000, Order.OLDEST_FIRST)).isEqualTo(november);
        assertSummary(ALL, new Grouping(List.of(Dimension.values()), Period.MONTH), all);
        assertSummary(ALL, new Grouping(List.of(Dimension.values()), Period.DAY), all);
        assertSummary(ALL, new Grouping(List.of(), Period.HOUR), all);
        assertThat(queries.gaps(0, Long.MAX_VALUE)).isEqualTo(gaps);
        assertThat(queries.gaps(OCTOBER + 9, OCTOBER + 10)).containsExactly(gaps.get(0));
        assertThat(queries.gaps(OCTOBER + 10, NOVEMBER + 5)).isEmpty();
    }

    @Test
    void thePresentMonthStaysHoweverOldItsRowsAre() throws Exception {
        store.close();
        store = store("2026-10-30T00:00:00Z");
        store.write(make(10, OCTOBER, OCTOBER + HOUR), List.of());
        store.expire(DECEMBER);
        assertThat(folder.resolve("usage-2026-10.db")).exists();
    }

    @Test
    void aRowOfAMonthThatIsGoneIsRefusedAndAGapOfItIsKept() throws Exception {
        List<Row> october = make(10, OCTOBER, NOVEMBER);
        store.write(october, List.of());
        store.expire(NOVEMBER);

        assertThatThrownBy(() -> store.write(make(1, OCTOBER, NOVEMBER), List.of()))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.ROWS));
        Gap gap = new Gap("a", OCTOBER, DECEMBER, 2, Drop.REJECTED);
        store.write(List.of(), List.of(gap));
        assertThat(queries.gaps(OCTOBER, OCTOBER + 1)).containsExactly(gap);
        assertSummary(ALL, ONE, october);
    }

    @Test
    void anEndBetweenTheCopyAndTheDeletionCountsNothingTwice() throws Exception {
        List<Row> october = make(100, OCTOBER, NOVEMBER);
        store.write(october, List.of());
        store.close();
        Path month = folder.resolve("usage-2026-10.db");
        Path copy = folder.resolve("copy");
        Files.copy(month, copy);
        store = store("2026-12-05T00:00:00Z");
        store.expire(NOVEMBER);
        // As if the process had been killed before it deleted the file, and once more after it had copied twice.
        Files.copy(copy, month);
        assertSummary(ALL, ONE, october);
        assertThat(queries.rows(ALL, null, 10, Order.OLDEST_FIRST)).isEmpty();
        SummaryFile.take(files.summary(), month, SqliteFiles.monthOf(OCTOBER));
        assertSummary(ALL, ONE, october);

        store.close();
        store = store("2026-12-05T00:00:00Z");
        store.write(make(1, NOVEMBER, DECEMBER), List.of());
        assertThat(month).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSummaryWhoseTablesWereNotMadeYetHoldsNothingUp(boolean begun) throws Exception {
        // As if the process had been killed, or the disk had been full, when the first month went.
        Path summary = folder.resolve("usage-summary.db");
        if (begun) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + summary)) {
                Sqlite.execute(connection, "PRAGMA journal_mode = WAL");
            }
        } else {
            Files.createFile(summary);
        }
        List<Row> october = make(10, OCTOBER, NOVEMBER);
        store.write(october, List.of());
        assertSummary(ALL, ONE, october);
        store.expire(NOVEMBER);
        assertThat(folder.resolve("usage-2026-10.db")).doesNotExist();
        assertSummary(ALL, ONE, october);
    }

    @Test
    void aMonthWithGapsAloneStaysAsLongAsItsRowsWould() throws Exception {
        store.write(List.of(), List.of(new Gap("a", NOVEMBER - HOUR, NOVEMBER - 1, 2, Drop.QUEUE_FULL)));
        store.expire(NOVEMBER - 1);
        List<Row> late = make(1, NOVEMBER - HOUR, NOVEMBER);
        store.write(late, List.of());
        assertThat(queries.rows(ALL, null, 10, Order.OLDEST_FIRST)).isEqualTo(late);
    }

    @Test
    void aSecondWriterIsToldSoUntilTheFirstEnds() throws Exception {
        store.write(make(1, NOVEMBER, DECEMBER), List.of());
        try (SqliteStore other = store("2026-12-05T00:00:00Z")) {
            assertThatThrownBy(() -> other.write(make(1, NOVEMBER, DECEMBER), List.of()))
                    .hasMessageContaining("another gateway writes this ledger")
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.STORE));
            store.close();
            other.write(make(1, NOVEMBER, DECEMBER), List.of());
            assertThat(other.queries(null).rows(ALL, null, 10, Order.OLDEST_FIRST))
                    .hasSize(2);
        }
    }

    @Test
    void aFileThatWasDeletedUnderTheWriterIsMadeAnew() throws Exception {
        store.write(make(10, NOVEMBER, DECEMBER), List.of());
        SqliteFiles.delete(folder.resolve("usage-2026-11.db"));
        List<Row> later = make(10, NOVEMBER, DECEMBER);
        store.write(later, List.of());
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).isEqualTo(later);
    }

    @Test
    void aFolderThatDoesNotExistIsTroubleThatMayPass() throws Exception {
        Path later = folder.resolve("later");
        try (SqliteStore there =
                new SqliteStore(SqliteFiles.of(later.resolve("usage.db").toString()), Clock.systemUTC())) {
            List<Row> batch = make(1, NOVEMBER, DECEMBER);
            assertThatThrownBy(() -> there.write(batch, List.of()))
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.STORE));
            assertThat(there.queries(null).rows(ALL, null, 10, Order.OLDEST_FIRST))
                    .isEmpty();
            Files.createDirectory(later);
            there.write(batch, List.of());
            assertThat(there.queries(null).rows(ALL, null, 10, Order.OLDEST_FIRST))
                    .isEqualTo(batch);
        }
    }

    @Test
    void theTablesHaveTheColumnsThatTheProgramKnows() throws Exception {
        store.write(make(1, NOVEMBER, DECEMBER), List.of());
        assertThat(columns("attempts"))
                .isEqualTo(Column.ALL.stream().map(Column::word).toList());
        for (String table : List.of("rollups", "days", "months")) {
            List<String> expected =
                    new ArrayList<>(List.of(table.equals("rollups") ? "hour" : table.substring(0, table.length() - 1)));
            Stream.of(Dimension.values()).map(Dimension::word).forEach(expected::add);
            Sum.ALL.stream().map(Sum::word).forEach(expected::add);
            expected.addAll(List.of("first_byte", "total"));
            assertThat(columns(table)).isEqualTo(expected);
        }
    }

    private List<String> columns(String table) throws Exception {
        List<String> columns = new ArrayList<>();
        try (Connection connection = Sqlite.read(folder.resolve("usage-2026-11.db"), null);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
            while (found.next()) {
                columns.add(found.getString("name"));
            }
        }
        return columns;
    }

    @ParameterizedTest
    @CsvSource({
        "file:usage.db?_pragma=journal_mode(WAL), usage",
        "usage.db, usage",
        "file:/var/lib/gateway/usage.db, usage",
        "file:///var/lib/gateway/usage.db, usage",
        "file:ledger, ledger"
    })
    void anAddressNamesTheFilesOfItsMonths(String uri, String stem) {
        SqliteFiles named = SqliteFiles.of(uri);
        assertThat(named.month(SqliteFiles.monthOf(NOVEMBER)).getFileName()).hasToString(stem + "-2026-11.db");
        assertThat(named.summary().getFileName()).hasToString(stem + "-summary.db");
        assertThat(named.rejected().getFileName()).hasToString(stem + "-rejected.jsonl");
        assertThat(named.toString())
                .isEqualTo(named.month(SqliteFiles.monthOf(0)).getParent() + "/" + stem + ".db");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "file:", "file::memory:?cache=shared", ":memory:", "file://host/usage.db", "file:folder/"})
    void whatIsNoPathOfAFileIsRefused(String uri) {
        assertThatThrownBy(() -> SqliteFiles.of(uri)).isInstanceOf(IllegalArgumentException.class);
    }
}
