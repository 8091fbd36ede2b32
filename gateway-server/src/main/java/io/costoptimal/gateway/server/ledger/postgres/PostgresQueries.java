package io.costoptimal.gateway.server.ledger.postgres;

import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.Periods;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.SummaryLines;
import io.costoptimal.gateway.server.ledger.TableReads;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads a ledger. Any thread. All that one call reads is of one moment, but for {@link #forEach}, which reads page by page.
 * Where nobody has written yet there is nothing to be found.
 */
final class PostgresQueries implements LedgerQueries {

    /** Rows of one statement: no reader holds a state of the database for longer than they take. */
    private static final int PAGE = 2_000;

    private final PostgresAddress address;
    private final Connections connections;
    private final Duration limit;

    /** Has connections to read. */
    interface Connections {
        /** One that its caller closes. */
        Connection open() throws SQLException;
    }

    PostgresQueries(PostgresAddress address, Connections connections, Duration limit) {
        this.address = address;
        this.connections = connections;
        this.limit = limit;
    }

    /** Something to be read. */
    private interface Reading {
        void read(TableReads tables) throws SQLException;
    }

    /** When a call has to be done. */
    private final class Deadline {
        private final long started = System.nanoTime();

        /** Says what is left of the time; for PostgreSQL 0 is no limit. */
        long leftMillis() throws SQLException {
            if (limit == null) {
                return 0;
            }
            long left = limit.toNanos() - (System.nanoTime() - started);
            if (left <= 0) {
                throw new SQLTimeoutException("the question took longer than " + limit.toMillis() + " ms", "57014");
            }
            return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
        }
    }

    private void read(Deadline deadline, Reading reading) throws LedgerException {
        try {
            deadline.leftMillis();
            try (Connection connection = connections.open()) {
                reading.read(new TableReads(
                        connection,
                        () -> Postgres.execute(connection, "SET LOCAL statement_timeout = " + deadline.leftMillis())));
            }
        } catch (SQLException e) {
            if (!Postgres.findsNothing(e)) {
                throw Postgres.reading(address, e);
            }
        }
    }

    @Override
    public List<Row> rows(Filter filter, Cursor after, int most, Order order) throws LedgerException {
        return rows(new TableReads.Page(filter, after, order), most, new Deadline());
    }

    private List<Row> rows(TableReads.Page page, int most, Deadline deadline) throws LedgerException {
        List<Row> rows = new ArrayList<>();
        read(deadline, tables -> tables.rows(page, most, rows));
        return rows;
    }

    /** Ids hold the start of their request. One that does not is no id of a gateway's, and all rows are looked through. */
    @Override
    public List<Row> request(String requestId) throws LedgerException {
        long millis = RequestId.millis(requestId);
        Filter filter = millis < 0 ? new Filter(0, Periods.END, Map.of()) : new Filter(millis, millis + 1, Map.of());
        List<Row> rows = new ArrayList<>();
        read(new Deadline(), tables -> tables.request(requestId, filter, rows));
        rows.sort(Comparator.comparingLong(row -> row.number(Column.ATTEMPT)));
        return rows;
    }

    @Override
    public List<Line> summary(Filter filter, Grouping grouping) throws LedgerException {
        SummaryLines lines = new SummaryLines(grouping);
        read(new Deadline(), tables -> {
            for (Periods.Part part : Periods.parts(filter, grouping.period()).all()) {
                tables.sums(part, filter, lines);
            }
        });
        return lines.inOrder();
    }

    @Override
    public List<Gap> gaps(long from, long to) throws LedgerException {
        List<Gap> gaps = new ArrayList<>();
        read(new Deadline(), tables -> tables.gaps(from, to, gaps::add));
        return gaps;
    }

    @Override
    public void forEach(Filter filter, RowConsumer each) throws LedgerException {
        Deadline deadline = new Deadline();
        Cursor after = null;
        List<Row> page;
        do {
            page = rows(new TableReads.Page(filter, after, Order.OLDEST_FIRST), PAGE, deadline);
            for (Row row : page) {
                if (!each.row(row)) {
                    return;
                }
            }
            after = page.isEmpty() ? null : Cursor.of(page.get(page.size() - 1));
        } while (page.size() == PAGE);
    }
}
