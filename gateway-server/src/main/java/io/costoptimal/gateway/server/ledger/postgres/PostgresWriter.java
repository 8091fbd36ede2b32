package io.costoptimal.gateway.server.ledger.postgres;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerSql;
import io.costoptimal.gateway.server.ledger.LedgerSql.Rolled;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.RollUps;
import io.costoptimal.gateway.server.ledger.Row;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The connection over which a ledger is written. Confined to the ledger's writer thread.
 *
 * <p>A batch is copied into a table of this connection's own, which nobody else sees and no log protects, and from there into
 * {@code attempts}: the server says which of its rows were new, and only those are added to the roll-ups.
 */
final class PostgresWriter implements AutoCloseable {

    private static final String KEY = "started_at, request_id, attempt";
    private static final String COPY = "COPY batch (" + LedgerSql.columns() + ") FROM STDIN";
    private static final String INSERT = "INSERT INTO attempts (" + LedgerSql.columns() + ") SELECT "
            + LedgerSql.columns() + " FROM batch ORDER BY " + KEY + " ON CONFLICT (" + KEY + ") DO NOTHING RETURNING "
            + KEY;

    private final Connection connection;
    private final CopyManager copy;
    private final PreparedStatement insert;
    private final PreparedStatement gap;
    private final RollUpTable hours;
    private final RollUpTable days;
    private final RollUpTable months;
    private final Days partitions;

    private record Key(long startedAt, String requestId, long attempt) {}

    /** @param connection taken: closed by this writer, also when this fails */
    PostgresWriter(Connection connection) throws SQLException {
        this.connection = connection;
        try {
            connection.setAutoCommit(false);
            prepare(connection);
            partitions = new Days(connection);
            copy = connection.unwrap(PGConnection.class).getCopyAPI();
            insert = connection.prepareStatement(INSERT);
            gap = connection.prepareStatement(LedgerSql.INSERT_GAP);
            hours = new RollUpTable(connection, Rolled.HOURS);
            days = new RollUpTable(connection, Rolled.DAYS);
            months = new RollUpTable(connection, Rolled.MONTHS);
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        Postgres.execute(connection, "SET statement_timeout = '25s'");
        Postgres.execute(connection, "SET lock_timeout = '10s'");
        Postgres.execute(connection, "SET idle_in_transaction_session_timeout = '60s'");
        String encoding = Postgres.text(connection, "SHOW server_encoding");
        if (!"UTF8".equals(encoding)) {
            throw new SQLException("the database's encoding is " + encoding + " (expected: UTF8)");
        }
        connection.commit();
        Tables.ready(connection);
        Postgres.execute(connection, "CREATE TEMPORARY TABLE batch (LIKE attempts) ON COMMIT DELETE ROWS");
        connection.commit();
    }

    /** The partitions that it writes to. */
    Days partitions() {
        return partitions;
    }

    /** Writes everything or nothing. Every row's day has a partition. */
    void write(List<Row> rows, List<Gap> gaps) throws SQLException {
        boolean committed = false;
        try {
            if (!rows.isEmpty()) {
                RollUps sums = added(rows);
                // All of them before any is added to what is there.
                SortedMap<RollUps.Slot, RollUp> byHour = sums.hours();
                SortedMap<RollUps.Slot, RollUp> byDay = sums.days();
                SortedMap<RollUps.Slot, RollUp> byMonth = sums.months();
                hours.add(byHour);
                days.add(byDay);
                months.add(byMonth);
            }
            for (Gap each : gaps) {
                LedgerSql.bind(gap, each);
                gap.executeUpdate();
            }
            connection.commit();
            committed = true;
            hours.committed();
            days.committed();
            months.committed();
        } finally {
            if (!committed) {
                rollBack();
            }
        }
    }

    /** Adds {@code rows} and sums up those that were not there yet. */
    private RollUps added(List<Row> rows) throws SQLException {
        CopyText text = new CopyText();
        rows.forEach(text::add);
        try {
            copy.copyIn(COPY, new ByteArrayInputStream(text.bytes()));
        } catch (IOException e) {
            throw new SQLException("cannot send rows: " + e.getMessage(), e);
        }
        Set<Key> added = new HashSet<>();
        try (ResultSet keys = insert.executeQuery()) {
            while (keys.next()) {
                added.add(new Key(keys.getLong(1), keys.getString(2), keys.getLong(3)));
            }
        }
        RollUps sums = new RollUps();
        for (Row row : rows) {
            // Of a key that is twice in the batch one row was added.
            if (added.remove(
                    new Key(row.number(Column.STARTED_AT), row.text(Column.REQUEST_ID), row.number(Column.ATTEMPT)))) {
                sums.add(row);
            }
        }
        return sums;
    }

    /** After some errors nothing can be done over this connection, and it is closed next. */
    void rollBack() {
        try {
            partitions.forget();
            connection.rollback();
            hours.rolledBack();
            days.rolledBack();
            months.rolledBack();
        } catch (SQLException e) {
            // The first error is the one that is told.
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // What was committed is the server's.
        }
    }
}
