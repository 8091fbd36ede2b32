package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.server.ledger.LedgerQueries.Cursor;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the tables of one database over one connection, in SQL that every kind of database understands. Confined to the thread
 * that asks; the connection is its caller's.
 */
public final class TableReads {

    private static final String IN_TIME = " WHERE started_at >= ? AND started_at < ?";
    private static final String ASCENDING = " ORDER BY started_at, request_id, attempt LIMIT ?";
    private static final String DESCENDING = " ORDER BY started_at DESC, request_id DESC, attempt DESC LIMIT ?";

    private final Connection connection;
    private final Before before;

    /** What is done before each statement, such as to look at the clock. */
    public interface Before {
        void statement() throws SQLException;
    }

    /** One row of a result. */
    public interface Found {
        void at(ResultSet rows) throws SQLException;
    }

    /**
     * What page of rows is asked for.
     *
     * @param filter which rows
     * @param after the row that the page comes after; {@code null} for the first page
     * @param order of the rows
     */
    public record Page(Filter filter, Cursor after, Order order) {

        private boolean ascending() {
            return order == Order.OLDEST_FIRST;
        }

        /** The filter without the time that earlier pages had. */
        public Filter rest() {
            if (after == null) {
                return filter;
            }
            return ascending()
                    ? new Filter(Math.max(filter.from(), after.startedAt()), filter.to(), filter.equal())
                    : new Filter(filter.from(), Math.min(filter.to(), after.startedAt() + 1), filter.equal());
        }
    }

    /** From a time to before another, in milliseconds since 1970. */
    private record Span(long from, long to) {}

    public TableReads(Connection connection, Before before) {
        this.connection = connection;
        this.before = before;
    }

    /** Runs {@code sql} with {@code values} as its parameters. */
    public void query(String sql, List<Object> values, Found each) throws SQLException {
        before.statement();
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

    /** Adds rows of {@code page} to {@code rows} until there are {@code most}. */
    public void rows(Page page, int most, List<Row> rows) throws SQLException {
        for (Span span : spans(page.rest(), page.ascending())) {
            if (rows.size() < most) {
                rows(page, span, most, rows);
            }
        }
    }

    private void rows(Page page, Span span, int most, List<Row> rows) throws SQLException {
        StringBuilder sql = new StringBuilder(LedgerSql.SELECT_ATTEMPTS).append(IN_TIME);
        List<Object> values = new ArrayList<>(List.of(span.from(), span.to()));
        equal(page.filter(), sql, values);
        Cursor after = page.after();
        if (after != null) {
            sql.append(" AND (started_at, request_id, attempt) ")
                    .append(page.ascending() ? '>' : '<')
                    .append(" (?, ?, ?)");
            Collections.addAll(values, after.startedAt(), after.requestId(), after.attempt());
        }
        sql.append(page.ascending() ? ASCENDING : DESCENDING);
        values.add(most - rows.size());
        query(sql.toString(), values, found -> rows.add(LedgerSql.row(found)));
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
    private List<Span> spans(Filter filter, boolean ascending) throws SQLException {
        List<Span> spans = new ArrayList<>();
        if (filter.equal().isEmpty()) {
            spans.add(new Span(filter.from(), filter.to()));
            return spans;
        }
        StringBuilder sql = new StringBuilder("SELECT DISTINCT hour FROM rollups WHERE hour > ? AND hour < ?");
        List<Object> values = new ArrayList<>(List.of(filter.from() - RollUps.HOUR_MILLIS, filter.to()));
        equal(filter, sql, values);
        query(sql.append(" ORDER BY hour").toString(), values, found -> {
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

    /** Adds the attempts of one request that started within the time of {@code filter} to {@code rows}, in no order. */
    public void request(String requestId, Filter filter, List<Row> rows) throws SQLException {
        query(
                LedgerSql.SELECT_ATTEMPTS + IN_TIME + " AND request_id = ?",
                List.of(filter.from(), filter.to(), requestId),
                found -> rows.add(LedgerSql.row(found)));
    }

    /** Adds the roll-ups of {@code part} to {@code lines}, those that {@code filter} means. */
    public void sums(Periods.Part part, Filter filter, SummaryLines lines) throws SQLException {
        StringBuilder sql = new StringBuilder(lines.select(part.table()));
        List<Object> values = new ArrayList<>(List.of(part.from(), part.to()));
        equal(filter, sql, values);
        query(sql.toString(), values, lines::add);
    }

    /** Hands over the gaps in which a request between {@code from} and before {@code to} may be, oldest first. */
    public void gaps(long from, long to, Consumer<Gap> each) throws SQLException {
        query(LedgerSql.SELECT_GAPS, List.of(to, from), found -> each.accept(LedgerSql.gap(found)));
    }
}
