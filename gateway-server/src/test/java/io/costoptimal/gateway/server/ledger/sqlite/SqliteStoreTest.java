package io.costoptimal.gateway.server.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Drop;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Cursor;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Line;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.Sum;
import io.costoptimal.gateway.server.ledger.TestRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger in SQLite: what is written is read, once, whatever is repeated, and months come and go. */
class SqliteStoreTest {

    private static final long OCTOBER = TestRows.at("2026-10-01T00:00:00Z");
    private static final long NOVEMBER = TestRows.at("2026-11-01T00:00:00Z");
    private static final long DECEMBER = TestRows.at("2026-12-01T00:00:00Z");
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final Filter ALL = new Filter(0, Long.MAX_VALUE, Map.of());
    private static final Grouping ONE = new Grouping(List.of(), null);
    private static final Comparator<Row> IN_ORDER = Comparator.<Row>comparingLong(row -> row.number(Column.STARTED_AT))
            .thenComparing(row -> row.text(Column.REQUEST_ID))
            .thenComparingLong(row -> row.number(Column.ATTEMPT));

    @TempDir
    Path folder;

    private final TestRows rows = new TestRows();
    private final Random random = new Random(5);
    private SqliteFiles files;
    private SqliteStore store;
    private LedgerQueries queries;

    @BeforeEach
    void open() {
        files = SqliteFiles.of("file:" + folder.resolve("usage.db"));
        store = store("2026-12-05T00:00:00Z");
        queries = store.queries(null);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private SqliteStore store(String now) {
        return new SqliteStore(files, Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
    }

    private List<Row> make(int count, long from, long to) {
        return Stream.generate(() -> rows.at(from + (long) (random.nextDouble() * (to - from))))
                .limit(count)
                .sorted(IN_ORDER)
                .toList();
    }

    @Test
    void rowsAreReadAsTheyWereWritten() throws Exception {
        List<Row> written = make(300, OCTOBER, DECEMBER);
        store.write(written, List.of());

        assertThat(queries.rows(ALL, null, 1_000, Order.OLDEST_FIRST)).isEqualTo(written);
        List<Row> reversed = new ArrayList<>(written);
        Collections.reverse(reversed);
        assertThat(queries.rows(ALL, null, 1_000, Order.NEWEST_FIRST)).isEqualTo(reversed);
        List<Row> each = new ArrayList<>();
        queries.forEach(ALL, each::add);
        assertThat(each).isEqualTo(written);
    }

    @Test
    void aBatchThatIsWrittenAgainChangesNothing() throws Exception {
        List<Row> first = make(200, NOVEMBER, NOVEMBER + 3 * HOUR);
        List<Row> more = new ArrayList<>(make(50, NOVEMBER, NOVEMBER + 3 * HOUR));
        List<Gap> gaps = List.of(new Gap("a", NOVEMBER, NOVEMBER + 5, 3, Drop.QUEUE_FULL));
        store.write(first, gaps);
        more.addAll(first);
        store.write(more, gaps);
        store.write(first, gaps);

        more.sort(IN_ORDER);
        assertThat(queries.rows(ALL, null, 1_000, Order.OLDEST_FIRST)).isEqualTo(more);
        assertSummary(ALL, new Grouping(List.of(), Period.HOUR), more);
        assertSummary(ALL, new Grouping(List.of(), Period.DAY), more);
        assertThat(queries.gaps(0, Long.MAX_VALUE)).isEqualTo(gaps);
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

    @ParameterizedTest
    @EnumSource(Order.class)
    void pagesFollowEachOtherWithoutAGap(Order order) throws Exception {
        // Many of the same millisecond, and requests of several attempts.
        List<Row> written = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long started = OCTOBER + i / 20 * 31 * DAY;
            String id = RequestId.next(started).toString();
            for (int attempt = 1; attempt <= 1 + i % 3; attempt++) {
                written.add(rows.attempt(started, id, attempt));
            }
        }
        store.write(written, List.of());
        written.sort(order == Order.OLDEST_FIRST ? IN_ORDER : IN_ORDER.reversed());

        for (int size : new int[] {1, 7, 50}) {
            List<Row> read = new ArrayList<>();
            Cursor after = null;
            for (List<Row> page = queries.rows(ALL, after, size, order);
                    !page.isEmpty();
                    page = queries.rows(ALL, after, size, order)) {
                assertThat(page.size()).isLessThanOrEqualTo(size);
                read.addAll(page);
                after = Cursor.of(page.get(page.size() - 1));
            }
            assertThat(read).isEqualTo(written);
        }
    }

    @ParameterizedTest
    @CsvSource({"KEY, team-b", "MODEL, other", "PROVIDER, anthropic", "OUTCOME, failed", "KEY, nobody"})
    void rowsAreFoundByWhatTheyAreAbout(Dimension dimension, String value) throws Exception {
        List<Row> written = make(500, OCTOBER, DECEMBER);
        store.write(written, List.of());
        long from = OCTOBER + 10 * DAY + 1234;
        long to = NOVEMBER + 20 * DAY + 77;
        List<Row> expected = written.stream()
                .filter(row -> row.number(Column.STARTED_AT) >= from && row.number(Column.STARTED_AT) < to)
                .filter(row -> value.equals(row.text(dimension.column())))
                .toList();
        Filter filter = new Filter(from, to, Map.of(dimension, value));

        assertThat(queries.rows(filter, null, 1_000, Order.OLDEST_FIRST)).isEqualTo(expected);
        List<Row> read = new ArrayList<>();
        queries.forEach(filter, read::add);
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void aRequestIsFoundByItsIdWithAllItsAttempts() throws Exception {
        store.write(make(500, OCTOBER, DECEMBER), List.of());
        String id = RequestId.next(NOVEMBER + 5).toString();
        List<Row> attempts = List.of(rows.attempt(NOVEMBER + 5, id, 1), rows.attempt(NOVEMBER + 5, id, 2));
        store.write(List.of(attempts.get(1), attempts.get(0)), List.of());
        Row foreign = rows.attempt(NOVEMBER, "somebody's own id", 1);
        store.write(List.of(foreign), List.of());

        assertThat(queries.request(id)).isEqualTo(attempts);
        assertThat(queries.request("somebody's own id")).containsExactly(foreign);
        assertThat(queries.request(RequestId.next(NOVEMBER + 5).toString())).isEmpty();
        assertThat(queries.request("' OR 1=1 --")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-10-03T00:00:00Z, 2026-11-20T00:00:00Z",
        "2026-10-03T07:00:00Z, 2026-11-20T11:00:00Z",
        "2026-10-31T23:00:00Z, 2026-11-01T01:00:00Z",
        "2026-10-31T05:00:00Z, 2026-10-31T09:00:00Z",
        "1970-01-01T00:00:00Z, 2100-01-01T00:00:00Z",
    })
    void summariesAreWhatTheRowsAddUpTo(String from, String to) throws Exception {
        List<Row> written = make(800, OCTOBER, DECEMBER);
        for (int i = 0; i < written.size(); i += 100) {
            store.write(written.subList(i, i + 100), List.of());
        }
        for (Period period : new Period[] {null, Period.HOUR, Period.DAY, Period.MONTH}) {
            for (List<Dimension> by : List.of(
                    List.<Dimension>of(), List.of(Dimension.PROVIDER, Dimension.KEY), List.of(Dimension.values()))) {
                for (Map<Dimension, String> equal :
                        List.of(Map.<Dimension, String>of(), Map.of(Dimension.KEY, "team-a"))) {
                    Filter filter = new Filter(TestRows.at(from), TestRows.at(to), equal);
                    assertSummary(filter, new Grouping(by, period), written);
                }
            }
        }
    }

    @Test
    void aPartOfAnHourCountsAsTheWholeHour() throws Exception {
        List<Row> written = make(100, NOVEMBER, NOVEMBER + HOUR);
        store.write(written, List.of());
        Filter minute = new Filter(NOVEMBER + HOUR / 2, NOVEMBER + HOUR / 2 + 60_000, Map.of());
        assertSummary(minute, ONE, written, ALL);
    }

    private void assertSummary(Filter filter, Grouping grouping, List<Row> written) throws LedgerException {
        assertSummary(filter, grouping, written, filter);
    }

    /** Adds up what of {@code written} is in {@code meant}, in a way of its own, and compares all figures. */
    private void assertSummary(Filter filter, Grouping grouping, List<Row> written, Filter meant)
            throws LedgerException {
        Map<String, RollUp> expected = new java.util.TreeMap<>();
        for (Row row : written) {
            long started = row.number(Column.STARTED_AT);
            boolean matches = started >= meant.from()
                    && started < meant.to()
                    && meant.equal().entrySet().stream()
                            .allMatch(each -> each.getValue()
                                    .equals(row.text(each.getKey().column())));
            if (matches) {
                StringBuilder name = new StringBuilder(start(started, grouping.period()));
                grouping.by().forEach(by -> name.append('|').append(row.text(by.column())));
                expected.computeIfAbsent(name.toString(), added -> new RollUp()).add(row);
            }
        }
        List<Line> lines = queries.summary(filter, grouping);
        List<String> names = lines.stream()
                .map(line -> {
                    StringBuilder name =
                            new StringBuilder(line.start() < 0 ? "" : start(line.start(), grouping.period()));
                    grouping.by()
                            .forEach(by -> name.append('|').append(line.of().get(by)));
                    return name.toString();
                })
                .toList();
        assertThat(names).containsExactlyElementsOf(expected.keySet());
        for (int i = 0; i < lines.size(); i++) {
            RollUp sums = lines.get(i).sums();
            RollUp wanted = expected.get(names.get(i));
            for (Sum sum : Sum.ALL) {
                assertThat(sums.sum(sum)).as(names.get(i) + " " + sum).isEqualTo(wanted.sum(sum));
            }
            assertThat(sums.firstByte().toBytes()).isEqualTo(wanted.firstByte().toBytes());
            assertThat(sums.total().toBytes()).isEqualTo(wanted.total().toBytes());
        }
    }

    private static String start(long millis, Period period) {
        String time = Instant.ofEpochMilli(millis).toString();
        return period == null ? "" : time.substring(0, period == Period.HOUR ? 13 : period == Period.DAY ? 10 : 7);
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
    void aRowThatTheTableCannotHoldSpoilsTheWholeBatchAndIsBlamed() throws Exception {
        List<Row> batch = new ArrayList<>(make(10, NOVEMBER, DECEMBER));
        batch.add(5, rows.at(NOVEMBER).share(Column.KEY, null));

        assertThatThrownBy(() -> store.write(batch, List.of()))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.ROWS));
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).isEmpty();
        batch.remove(5);
        store.write(batch, List.of());
        assertSummary(ALL, ONE, batch);
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
    void aQuestionThatTakesTooLongIsGivenUp() throws Exception {
        store.write(make(2_000, NOVEMBER, NOVEMBER + HOUR), List.of());
        LedgerQueries hasty = store.queries(Duration.ZERO);
        assertThatThrownBy(() -> hasty.request("an id without a time"))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.TIME_LIMIT));
        assertThat(queries.request("an id without a time")).isEmpty();
    }

    @Test
    void whoeverReadsDoesNotHoldUpTheWriter() throws Exception {
        List<Row> first = make(5_000, NOVEMBER, DECEMBER);
        store.write(first, List.of());
        List<Row> read = new ArrayList<>();
        queries.forEach(ALL, row -> {
            // In the middle of a page: more than the log may have without a checkpoint, and a checkpoint.
            if (read.size() == 1_000) {
                try {
                    store.write(make(100, OCTOBER, NOVEMBER), List.of());
                    store.write(make(100, NOVEMBER, DECEMBER), List.of());
                    store.idle();
                } catch (LedgerException e) {
                    throw new AssertionError(e);
                }
            }
            return read.add(row);
        });
        assertThat(read).containsAll(first);
    }

    @Test
    void theTablesHaveTheColumnsThatTheProgramKnows() throws Exception {
        store.write(make(1, NOVEMBER, DECEMBER), List.of());
        assertThat(columns("attempts"))
                .isEqualTo(Column.ALL.stream().map(Column::word).toList());
        for (String table : List.of("rollups", "days")) {
            List<String> expected = new ArrayList<>(List.of(table.equals("days") ? "day" : "hour"));
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
