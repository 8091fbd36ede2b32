package io.costoptimal.gateway.server.ledger.sqlite;

import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerSql;
import io.costoptimal.gateway.server.ledger.LedgerSql.Rolled;
import io.costoptimal.gateway.server.ledger.Periods;
import io.costoptimal.gateway.server.ledger.RollUps;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.SummaryLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the files of a ledger, each with a connection that is opened for the call. Any thread.
 *
 * <p>A month whose rows are gone is read from the summary alone, also while its file is still there. When one goes during a
 * call that adds up, the call begins anew.
 */
final class SqliteQueries implements LedgerQueries {

    /** Rows handed over between two looks: no reader holds a state of the database for longer than they take. */
    private static final int PAGE = 2_000;

    private static final String IN_TIME = " WHERE started_at >= ? AND started_at < ?";
    private static final String ASCENDING = " ORDER BY started_at, request_id, attempt LIMIT ?";
    private static final String DESCENDING = " ORDER BY started_at DESC, request_id DESC, attempt DESC LIMIT ?";

    private final SqliteFiles files;
    private final Duration limit;

    SqliteQueries(SqliteFiles files, Duration limit) {
        this.files = files;
        this.limit = limit;
    }

    /** From a time to before another, in milliseconds since 1970. */
    private record Span(long from, long to) {}

    /** Something to be read of one file. */
    private interface Reading {
        void read(Connection connection) throws SQLException;
    }

    @Override
    public List<Row> rows(Filter filter, Cursor after, int most, Order order) throws LedgerException {
        boolean ascending = order == Order.OLDEST_FIRST;
        Filter rest = after == null ? filter : behind(filter, after, ascending);
        List<Map.Entry<YearMonth, Path>> months =
                new ArrayList<>(months(rest, gone()).entrySet());
        if (!ascending) {
            Collections.reverse(months);
        }
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<YearMonth, Path> month : months) {
            if (rows.size() >= most) {
                break;
            }
            read(month.getValue(), connection -> {
                for (Span span : spans(connection, rest, ascending)) {
                    if (rows.size() < most) {
                        page(connection, rest, span, new Page(after, most - rows.size(), ascending), rows);
                    }
                }
            });
        }
        return rows;
    }

    private static Filter behind(Filter filter, Cursor after, boolean ascending) {
        return ascending
                ? new Filter(Math.max(filter.from(), after.startedAt()), filter.to(), filter.equal())
                : new Filter(filter.from(), Math.min(filter.to(), after.startedAt() + 1), filter.equal());
    }

    private record Page(Cursor after, int most, boolean ascending) {}

    private static void page(Connection connection, Filter filter, Span span, Page page, List<Row> rows)
            throws SQLException {
        StringBuilder sql = new StringBuilder(LedgerSql.SELECT_ATTEMPTS).append(IN_TIME);
        List<Object> values = new ArrayList<>(List.of(span.from(), span.to()));
        equal(filter, sql, values);
        if (page.after() != null) {
            sql.append(" AND (started_at, request_id, attempt) ")
                    .append(page.ascending() ? '>' : '<')
                    .append(" (?, ?, ?)");
            Collections.addAll(
                    values,
                    page.after().startedAt(),
                    page.after().requestId(),
                    page.after().attempt());
        }
        sql.append(page.ascending() ? ASCENDING : DESCENDING);
        values.add(page.most());
        query(connection, sql.toString(), values, found -> rows.add(LedgerSql.row(found)));
    }

    /** One row of a result. */
    private interface Found {
        void at(ResultSet rows) throws SQLException;
    }

    private static void query(Connection connection, String sql, List<Object> values, Found each) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.at(rows);
                }
            }
        }
    }

    private static void equal(Filter filter, StringBuilder sql, List<Object> values) {
        filter.equal().forEach((dimension, value) -> {
            sql.append(" AND ").append(dimension.word()).append(" = ?");
            values.add(value);
        });
    }

    /**
     * The times in which there are rows to look for: everything when all rows are meant, else the hours whose roll-ups say
     * so. They do the work of an index for each dimension, without its being written for each row.
     */
    private static List<Span> spans(Connection connection, Filter filter, boolean ascending) throws SQLException {
        List<Span> spans = new ArrayList<>();
        if (filter.equal().isEmpty()) {
            spans.add(new Span(filter.from(), filter.to()));
            return spans;
        }
        StringBuilder sql = new StringBuilder("SELECT DISTINCT hour FROM rollups WHERE hour > ? AND hour < ?");
        List<Object> values = new ArrayList<>(List.of(filter.from() - RollUps.HOUR_MILLIS, filter.to()));
        equal(filter, sql, values);
        query(connection, sql.append(" ORDER BY hour").toString(), values, found -> {
            long hour = found.getLong(1);
            Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
            long to = Math.min(filter.to(), hour + RollUps.HOUR_MILLIS);
            if (last != null && last.to() == hour) {
                spans.set(spans.size() - 1, new Span(last.from(), to));
            } else {
                spans.add(new Span(Math.max(filter.from(), hour), to));
            }
        });
        if (!ascending) {
            Collections.reverse(spans);
        }
        return spans;
    }

    /** Ids hold the start of their request. One that does not is no id of a gateway's, and all rows are looked through. */
    @Override
    public List<Row> request(String requestId) throws LedgerException {
        long millis = RequestId.millis(requestId);
        Filter filter = millis < 0 ? new Filter(0, Periods.END, Map.of()) : new Filter(millis, millis + 1, Map.of());
        List<Row> rows = new ArrayList<>();
        for (Path month : months(filter, gone()).values()) {
            read(
                    month,
                    connection -> query(
                            connection,
                            LedgerSql.SELECT_ATTEMPTS + IN_TIME + " AND request_id = ?",
                            List.of(filter.from(), filter.to(), requestId),
                            found -> rows.add(LedgerSql.row(found))));
        }
        rows.sort(Comparator.comparingLong(row -> row.number(Column.ATTEMPT)));
        return rows;
    }

    @Override
    public List<Line> summary(Filter filter, Grouping grouping) throws LedgerException {
        Periods.Parts parts = Periods.parts(filter, grouping.period());
        List<YearMonth> gone;
        SummaryLines lines;
        do {
            gone = gone();
            lines = new SummaryLines(grouping);
            for (Source source : sources(filter, gone)) {
                add(source, parts.of(source.from(), source.to()), filter, lines);
            }
        } while (!gone.equals(gone()));
        return lines.inOrder();
    }

    private void add(Source source, List<Periods.Part> parts, Filter filter, SummaryLines lines)
            throws LedgerException {
        read(source.file(), connection -> {
            for (Periods.Part part : parts) {
                add(connection, part, filter, lines);
            }
        });
    }

    private static void add(Connection connection, Periods.Part part, Filter filter, SummaryLines lines)
            throws SQLException {
        Rolled table = part.table();
        StringBuilder sql = new StringBuilder(lines.select(table));
        List<Object> values = new ArrayList<>(List.of(part.from(), part.to()));
        equal(filter, sql, values);
        query(connection, sql.toString(), values, lines::add);
    }

    @Override
    public List<Gap> gaps(long from, long to) throws LedgerException {
        // By their ids, because months that are gone have theirs in one file. A gap that lasted may stand in any month.
        Map<String, Gap> gaps = new TreeMap<>();
        List<YearMonth> gone;
        do {
            gone = gone();
            gaps.clear();
            for (Source source : sources(new Filter(0, Periods.END, Map.of()), gone)) {
                read(
                        source.file(),
                        connection -> query(
                                connection,
                                LedgerSql.SELECT_GAPS,
                                List.of(to, from),
                                found -> put(gaps, LedgerSql.gap(found))));
            }
        } while (!gone.equals(gone()));
        return gaps.values().stream()
                .sorted(Comparator.comparingLong(Gap::from))
                .toList();
    }

    private static void put(Map<String, Gap> gaps, Gap gap) {
        gaps.put(gap.id(), gap);
    }

    @Override
    public void forEach(Filter filter, RowConsumer each) throws LedgerException {
        Cursor after = null;
        List<Row> page;
        do {
            page = rows(filter, after, PAGE, Order.OLDEST_FIRST);
            for (Row row : page) {
                if (!each.row(row)) {
                    return;
                }
            }
            after = page.isEmpty() ? null : Cursor.of(page.get(page.size() - 1));
        } while (page.size() == PAGE);
    }

    /** A file, and the time for which it counts. */
    private record Source(Path file, long from, long to) {}

    /** What has roll-ups and gaps of the time of {@code filter}: months, and the summary for each month that is gone. */
    private List<Source> sources(Filter filter, List<YearMonth> gone) throws LedgerException {
        List<Source> sources = new ArrayList<>();
        for (YearMonth month : gone) {
            add(sources, filter, month, files.summary());
        }
        months(filter, gone).forEach((month, file) -> add(sources, filter, month, file));
        return sources;
    }

    private static void add(List<Source> sources, Filter filter, YearMonth month, Path file) {
        Source source = new Source(file, SqliteFiles.startOf(month), SqliteFiles.startOf(month.plusMonths(1)));
        if (source.from() < filter.to() && source.to() > filter.from()) {
            sources.add(source);
        }
    }

    private List<YearMonth> gone() throws LedgerException {
        try {
            return SummaryFile.gone(files.summary(), limit);
        } catch (SQLException e) {
            throw Sqlite.failure(files.summary(), e);
        }
    }

    /** The months of the time of {@code filter} that have rows, oldest first. */
    private SortedMap<YearMonth, Path> months(Filter filter, List<YearMonth> gone) throws LedgerException {
        SortedMap<YearMonth, Path> months = new TreeMap<>();
        try {
            months.putAll(files.months());
        } catch (IOException e) {
            throw new LedgerException(LedgerException.Kind.STORE, files + ": " + e, e);
        }
        gone.forEach(months::remove);
        months.keySet()
                .removeIf(month -> SqliteFiles.startOf(month) >= filter.to()
                        || SqliteFiles.startOf(month.plusMonths(1)) <= filter.from());
        return months;
    }

    private void read(Path file, Reading reading) throws LedgerException {
        try (Connection connection = Sqlite.read(file, limit)) {
            if (Sqlite.hasTables(connection)) {
                reading.read(connection);
            }
        } catch (SQLException e) {
            if (!Files.exists(file)) {
                return;
            }
            throw Sqlite.failure(file, e);
        }
    }
}
