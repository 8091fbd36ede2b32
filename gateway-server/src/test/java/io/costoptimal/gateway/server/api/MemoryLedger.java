package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A ledger that is a list, for tests of what asks one. Not for threads that write while others read. */
public final class MemoryLedger implements LedgerQueries {

    private static final Comparator<Cursor> OLDEST_FIRST = Comparator.comparingLong(Cursor::startedAt)
            .thenComparing(Cursor::requestId)
            .thenComparingLong(Cursor::attempt);

    public final List<Row> rows = new ArrayList<>();
    public final List<Gap> gaps = new ArrayList<>();

    /** What every question fails with; {@code null} while it is well. */
    LedgerException failure;

    /** A completed attempt with what tests do not care about filled in. */
    public static Row row(String time, String request, long attempt) {
        return new Row()
                .set(Column.STARTED_AT, Instant.parse(time).toEpochMilli())
                .set(Column.REQUEST_ID, request)
                .set(Column.ATTEMPT, attempt)
                .set(Column.KEY, "team")
                .set(Column.MODEL, "gpt-*")
                .set(Column.MODEL_ASKED, "gpt-4o")
                .set(Column.MODEL_SENT, "gpt-4o")
                .set(Column.PROVIDER, "openai")
                .set(Column.OPERATION, "/v1/chat/completions")
                .set(Column.STREAM, true)
                .set(Column.OUTCOME, "completed")
                .set(Column.STATUS, 200)
                .set(Column.TOKEN_SOURCE, "reported")
                .set(Column.PARTIAL, false)
                .set(Column.PRICE_VERSION, "none")
                .set(Column.COUNTED, false);
    }

    @Override
    public List<Row> rows(Filter filter, Cursor after, int limit, Order order) throws LedgerException {
        Comparator<Cursor> by = order == Order.OLDEST_FIRST ? OLDEST_FIRST : OLDEST_FIRST.reversed();
        return meant(filter).stream()
                .filter(row -> after == null || by.compare(Cursor.of(row), after) > 0)
                .sorted(Comparator.comparing(Cursor::of, by))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Row> request(String requestId) throws LedgerException {
        check();
        return rows.stream()
                .filter(row -> requestId.equals(row.text(Column.REQUEST_ID)))
                .sorted(Comparator.comparing(Cursor::of, OLDEST_FIRST))
                .toList();
    }

    @Override
    public List<Line> summary(Filter filter, Grouping grouping) throws LedgerException {
        Map<String, Line> lines = new TreeMap<>();
        for (Row row : meant(filter)) {
            long start = grouping.period() == null ? -1 : start(row.number(Column.STARTED_AT), grouping.period());
            Map<Dimension, String> of = grouping.by().stream()
                    .collect(Collectors.toMap(
                            Function.identity(), by -> row.text(by.column()), (a, b) -> a, TreeMap::new));
            lines.computeIfAbsent(start + " " + of, key -> new Line(of, start, new RollUp()))
                    .sums()
                    .add(row);
        }
        return List.copyOf(lines.values());
    }

    private static long start(long millis, Period period) {
        ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
        ZonedDateTime start = switch (period) {
            case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
            case DAY -> time.truncatedTo(ChronoUnit.DAYS);
            case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
        };
        return start.toInstant().toEpochMilli();
    }

    @Override
    public List<Gap> gaps(long from, long to) throws LedgerException {
        check();
        return gaps.stream().filter(gap -> gap.from() < to && gap.to() >= from).toList();
    }

    @Override
    public void forEach(Filter filter, RowConsumer each) throws LedgerException {
        for (Row row : rows(filter, null, Integer.MAX_VALUE, Order.OLDEST_FIRST)) {
            if (!each.row(row)) {
                return;
            }
        }
    }

    private List<Row> meant(Filter filter) throws LedgerException {
        check();
        return rows.stream().filter(row -> Filters.means(filter, row)).toList();
    }

    private void check() throws LedgerException {
        if (failure != null) {
            throw failure;
        }
    }
}
