package io.costoptimal.gateway.server.ledger.sqlite;

import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerSql;
import io.costoptimal.gateway.server.ledger.LedgerSql.Rolled;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.RollUps;
import io.costoptimal.gateway.server.ledger.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/**
 * Writes the file of one month. Confined to the ledger's writer thread. After an exception it can only be closed.
 *
 * <p>The log of the database (WAL) is copied into the database by checkpoints, which wait for nobody, after so many rows and
 * when there is nothing else to do. Once a reader has held one up so long that the log is large, a checkpoint that empties
 * the log is tried, which waits for readers for a moment.
 */
final class MonthWriter implements AutoCloseable {

    /** Rows that one statement adds. */
    private static final int AT_ONCE = 20;

    private static final int CHECKPOINT_ROWS = 20_000;
    private static final long LARGE_LOG_BYTES = 64L * 1024 * 1024;

    private final Path file;
    private final Path log;
    private final Object fileKey;
    private final Connection connection;
    private final PreparedStatement attempts;
    private final PreparedStatement attempt;
    private final PreparedStatement gap;
    private final RolledStatements hours;
    private final RolledStatements days;
    private final RolledStatements months;
    private int rowsInLog;

    /** Reads what a slot holds and puts what it is to hold. */
    private record RolledStatements(PreparedStatement select, PreparedStatement put) {

        static RolledStatements of(Connection connection, Rolled table) throws SQLException {
            return new RolledStatements(
                    connection.prepareStatement(table.select()), connection.prepareStatement(table.put()));
        }

        void add(SortedMap<RollUps.Slot, RollUp> slots) throws SQLException {
            for (SortedMap.Entry<RollUps.Slot, RollUp> entry : slots.entrySet()) {
                // A roll-up of its own: the one of the hour is added to the day too, and must not hold what was there
                // before.
                RollUp sums = new RollUp();
                sums.add(entry.getValue());
                LedgerSql.bind(select, 1, entry.getKey());
                try (ResultSet held = select.executeQuery()) {
                    if (held.next()) {
                        LedgerSql.add(held, 1, sums);
                    }
                }
                LedgerSql.bind(put, entry.getKey(), sums);
                put.executeUpdate();
            }
        }
    }

    /** Opens {@code file}, which need not exist. */
    MonthWriter(Path file) throws SQLException {
        this.file = file;
        log = Path.of(file + "-wal");
        connection = Sqlite.write(file);
        try {
            fileKey = fileKey();
            attempts = connection.prepareStatement(LedgerSql.insertAttempts(AT_ONCE));
            attempt = connection.prepareStatement(LedgerSql.insertAttempts(1));
            gap = connection.prepareStatement(LedgerSql.INSERT_GAP);
            hours = RolledStatements.of(connection, Rolled.HOURS);
            days = RolledStatements.of(connection, Rolled.DAYS);
            months = RolledStatements.of(connection, Rolled.MONTHS);
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** Whether its file was deleted, or moved away: what is written would be in no file that anybody finds. */
    boolean fileIsGone() {
        return fileKey == null || !Objects.equals(fileKey, fileKey());
    }

    private Object fileKey() {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Writes everything or nothing. */
    void write(List<Row> rows, List<Gap> gaps) throws SQLException {
        if (!written(rows, gaps, true)) {
            written(rows, gaps, false);
        }
        rowsInLog += rows.size() + gaps.size();
    }

    /**
     * Writes everything, or nothing when {@code atOnce} and some of the rows are there already: that many rows were not
     * added, but not which.
     *
     * @param atOnce whether one statement adds many rows, which takes two thirds of the time
     */
    private boolean written(List<Row> rows, List<Gap> gaps, boolean atOnce) throws SQLException {
        Sqlite.execute(connection, "BEGIN IMMEDIATE");
        boolean committed = false;
        try {
            RollUps sums = new RollUps();
            int added = atOnce ? addAtOnce(rows, sums) : 0;
            if (added < 0) {
                return false;
            }
            addEach(rows.subList(added, rows.size()), sums);
            hours.add(sums.hours());
            days.add(sums.days());
            months.add(sums.months());
            for (Gap each : gaps) {
                LedgerSql.bind(gap, each);
                gap.executeUpdate();
            }
            Sqlite.execute(connection, "COMMIT");
            committed = true;
        } finally {
            if (!committed) {
                rollBack();
            }
        }
        return true;
    }

    /** Adds as many rows as fill whole statements, and returns how many; -1 when some of them are there already. */
    private int addAtOnce(List<Row> rows, RollUps sums) throws SQLException {
        int added = 0;
        for (; added + AT_ONCE <= rows.size(); added += AT_ONCE) {
            for (int i = 0; i < AT_ONCE; i++) {
                LedgerSql.bind(attempts, i, rows.get(added + i));
            }
            if (attempts.executeUpdate() < AT_ONCE) {
                return -1;
            }
            for (int i = 0; i < AT_ONCE; i++) {
                sums.add(rows.get(added + i));
            }
        }
        return added;
    }

    private void addEach(List<Row> rows, RollUps sums) throws SQLException {
        for (Row row : rows) {
            LedgerSql.bind(attempt, 0, row);
            // Of a batch that is written again some rows may be there: they are in the roll-ups already.
            if (attempt.executeUpdate() == 1) {
                sums.add(row);
            }
        }
    }

    /** Some errors have rolled back already, and after others nothing can be done. */
    private void rollBack() {
        try {
            Sqlite.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // The first error is the one that is told.
        }
    }

    /** Makes a checkpoint if there is enough to copy. */
    void checkpointIfDue() throws SQLException {
        if (rowsInLog >= CHECKPOINT_ROWS) {
            checkpoint();
        }
    }

    /** Makes a checkpoint if there is anything to copy. */
    void checkpoint() throws SQLException {
        if (rowsInLog == 0) {
            return;
        }
        boolean large = logBytes() > LARGE_LOG_BYTES;
        Sqlite.execute(connection, large ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");
        rowsInLog = 0;
    }

    private long logBytes() {
        try {
            return Files.size(log);
        } catch (IOException e) {
            return 0;
        }
    }

    /** When the newest row started; {@link Long#MIN_VALUE} when there is none. */
    long newestMillis() throws SQLException {
        return Sqlite.number(connection, "SELECT max(started_at) FROM attempts");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // What was committed is in the log, which the next one to open the file reads.
        }
    }
}
