package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Cursor;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Line;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every kind of store does: what is written is read, once, whatever is repeated, and what is old goes. */
public abstract class LedgerContract {

    protected static final long OCTOBER = TestRows.at("2026-10-01T00:00:00Z");
    protected static final long NOVEMBER = TestRows.at("2026-11-01T00:00:00Z");
    protected static final long DECEMBER = TestRows.at("2026-12-01T00:00:00Z");
    protected static final long HOUR = Duration.ofHours(1).toMillis();
    protected static final long DAY = Duration.ofDays(1).toMillis();
    protected static final Filter ALL = new Filter(0, Long.MAX_VALUE, Map.of());
    protected static final Grouping ONE = new Grouping(List.of(), null);
    protected static final Comparator<Row> IN_ORDER = Comparator.<Row>comparingLong(
                    row -> row.number(Column.STARTED_AT))
            .thenComparing(row -> row.text(Column.REQUEST_ID))
            .thenComparingLong(row -> row.number(Column.ATTEMPT));

    protected final TestRows rows = new TestRows();
    private final Random random = new Random(5);
    protected LedgerStore store;
    protected LedgerQueries queries;

    /** A store that is empty when a test begins, and keeps what was written when it is opened again. */
    protected abstract LedgerStore open(Clock clock) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        reopen("2026-12-05T00:00:00Z");
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    /** Closes the store and opens it again, at that time. */
    protected void reopen(String now) throws Exception {
        closeStore();
        store = open(at(now));
        queries = store.queries(null);
    }

    protected static Clock at(String now) {
        return Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
    }

    protected List<Row> make(int count, long from, long to) {
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
        "2026-10-03T07:00:00Z, 2026-12-01T00:00:00Z",
        "2026-09-29T05:00:00Z, 2026-11-20T11:00:00Z",
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

    protected void assertSummary(Filter filter, Grouping grouping, List<Row> written) throws LedgerException {
        assertSummary(filter, grouping, written, filter);
    }

    /** Adds up what of {@code written} is in {@code meant}, in a way of its own, and compares all figures. */
    protected void assertSummary(Filter filter, Grouping grouping, List<Row> written, Filter meant)
            throws LedgerException {
        Map<String, RollUp> expected = new TreeMap<>();
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

    protected static String start(long millis, Period period) {
        String time = Instant.ofEpochMilli(millis).toString();
        return period == null ? "" : time.substring(0, period == Period.HOUR ? 13 : period == Period.DAY ? 10 : 7);
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
    void whatIsOldGoesAndLeavesItsRollUpsAndGaps() throws Exception {
        List<Row> old = make(200, OCTOBER, OCTOBER + 20 * HOUR);
        List<Row> later = make(200, NOVEMBER, NOVEMBER + 3 * DAY);
        List<Gap> gaps = List.of(
                new Gap("a", OCTOBER + 5, OCTOBER + 9, 3, Drop.LANE_FULL),
                new Gap("b", NOVEMBER + 5, NOVEMBER + 9, 4, Drop.QUEUE_FULL));
        store.write(old, List.of());
        store.write(later, gaps);
        List<Row> all = new ArrayList<>(old);
        all.addAll(later);
        long newest = old.get(old.size() - 1).number(Column.STARTED_AT);

        store.expire(newest);
        assertThat(queries.rows(ALL, null, 1_000, Order.OLDEST_FIRST)).isEqualTo(all);
        store.expire(newest + 1);

        assertThat(queries.rows(ALL, null, 1_000, Order.OLDEST_FIRST)).isEqualTo(later);
        assertThat(queries.request(old.get(3).text(Column.REQUEST_ID))).isEmpty();
        assertSummary(ALL, new Grouping(List.of(Dimension.values()), Period.DAY), all);
        assertSummary(ALL, new Grouping(List.of(), Period.HOUR), all);
        assertThat(queries.gaps(0, Long.MAX_VALUE)).isEqualTo(gaps);
        assertThat(queries.gaps(OCTOBER + 9, OCTOBER + 10)).containsExactly(gaps.get(0));
        assertThat(queries.gaps(OCTOBER + 10, NOVEMBER + 5)).isEmpty();
    }

    @Test
    void whatIsOfTheseDaysStaysHoweverOldItsRowsAre() throws Exception {
        reopen("2026-10-01T23:00:00Z");
        List<Row> today = make(10, OCTOBER, OCTOBER + HOUR);
        store.write(today, List.of());
        store.expire(DECEMBER);
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).isEqualTo(today);
    }

    @Test
    void aRowOfATimeThatIsGoneIsRefusedAndAGapOfItIsKept() throws Exception {
        List<Row> old = make(10, OCTOBER, OCTOBER + DAY);
        store.write(old, List.of());
        store.expire(NOVEMBER);

        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> store.write(make(1, OCTOBER, OCTOBER + DAY), List.of()))
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.ROWS));
            reopen("2026-12-05T00:00:00Z");
        }
        Gap gap = new Gap("a", OCTOBER, DECEMBER, 2, Drop.REJECTED);
        store.write(List.of(), List.of(gap));
        assertThat(queries.gaps(OCTOBER, OCTOBER + 1)).containsExactly(gap);
        assertSummary(ALL, ONE, old);
    }

    @Test
    void textsAreKeptWhateverIsInThem() throws Exception {
        List<String> texts = List.of(
                "",
                " ",
                "\\N",
                "\\.",
                "a\tb\r\nc\\",
                "'\"', NULL; --",
                "\u007f\u0085\u2028",
                "\ufeff\uffff",
                "h\u00e9 \u6f22 \ud83d\ude00");
        List<Row> written = new ArrayList<>();
        for (String text : texts) {
            written.add(rows.at(NOVEMBER + written.size())
                    .set(Column.MODEL_ASKED, text)
                    .set(Column.CLIENT_REQUEST_ID, text)
                    .set(Column.USAGE, text)
                    .share(Column.KEY, text));
        }
        store.write(written, List.of());
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).isEqualTo(written);
        for (Row row : written) {
            assertSummary(new Filter(0, Long.MAX_VALUE, Map.of(Dimension.KEY, row.text(Column.KEY))), ONE, written);
        }
    }

    @Test
    void aTextThatNoDatabaseHoldsAsItIsCostsNoRow() throws Exception {
        List<Row> written = List.of(
                rows.at(NOVEMBER).set(Column.MODEL_ASKED, "a\u0000b"),
                rows.at(NOVEMBER).set(Column.MODEL_ASKED, "a\ud83db"));
        store.write(written, List.of());
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).hasSize(2);
        assertSummary(ALL, ONE, written);
        assertThat(queries.request("a\u0000b")).isEmpty();
        assertThat(queries.summary(new Filter(0, Long.MAX_VALUE, Map.of(Dimension.KEY, "\u0000")), ONE))
                .isEmpty();
    }

    @Test
    void nothingIsFoundBeforeAnythingWasWritten() throws Exception {
        assertThat(queries.rows(ALL, null, 10, Order.OLDEST_FIRST)).isEmpty();
        assertThat(queries.request("a")).isEmpty();
        assertThat(queries.summary(ALL, ONE)).isEmpty();
        assertThat(queries.gaps(0, Long.MAX_VALUE)).isEmpty();
    }
}
