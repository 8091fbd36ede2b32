package io.costoptimal.gateway.server.ledger.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A ledger in PostgreSQL, which other gateways may write too. What it says of threads is said by {@link LedgerStore}.
 *
 * <p>The writer has a connection of its own, and those who read share a few others: neither waits for the other's.
 */
public final class PostgresStore implements LedgerStore {

    /** Pages of the dashboard ask several questions at a time. */
    private static final int MOST_READERS = 4;

    private final PostgresAddress address;
    private final Clock clock;
    private final HikariDataSource readers = new HikariDataSource();
    /** {@code null} until it is needed, and after something failed. */
    private PostgresWriter writer;

    /** @param clock tells which day it is */
    public PostgresStore(PostgresAddress address, Clock clock) {
        this.address = address;
        this.clock = clock;
        readers.setPoolName("ledger-readers");
        readers.setMaximumPoolSize(MOST_READERS);
        readers.setMinimumIdle(0);
        readers.setIdleTimeout(TimeUnit.MINUTES.toMillis(1));
        readers.setConnectionTimeout(TimeUnit.SECONDS.toMillis(3));
        readers.setValidationTimeout(TimeUnit.SECONDS.toMillis(2));
        readers.setInitializationFailTimeout(-1);
        readers.setAutoCommit(false);
        readers.setReadOnly(true);
        readers.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    }

    /** What is done with the writer. */
    private interface Work {
        void run(PostgresWriter writer) throws SQLException, LedgerException;
    }

    @Override
    public void write(List<Row> rows, List<Gap> gaps) throws LedgerException {
        work(open -> {
            LocalDate last = null;
            for (Row row : rows) {
                LocalDate day = Days.of(row.number(Column.STARTED_AT));
                if (!day.equals(last) && !open.partitions().make(day)) {
                    throw new LedgerException(LedgerException.Kind.ROWS, day + " is gone already", null);
                }
                last = day;
            }
            open.write(rows, gaps);
        });
    }

    /**
     * A day goes when it is over and its newest row is older. One that began later cannot be, and is not locked to be looked
     * at.
     */
    @Override
    public void expire(long before) throws LedgerException {
        LocalDate end = Days.of(Math.min(before + TimeUnit.DAYS.toMillis(1) - 1, clock.millis()));
        work(open -> {
            for (LocalDate day : open.partitions().before(end)) {
                open.partitions().drop(day, before);
            }
        });
    }

    /** The partitions of the present day and of the next are made before anybody waits for them. */
    @Override
    public void idle() throws LedgerException {
        LocalDate present = Days.of(clock.millis());
        work(open -> {
            open.partitions().make(present);
            open.partitions().make(present.plusDays(1));
        });
    }

    private void work(Work work) throws LedgerException {
        try {
            if (writer == null) {
                Connection connection = Postgres.source(address).getConnection();
                writer = new PostgresWriter(connection);
            }
            work.run(writer);
        } catch (SQLException e) {
            LedgerException failure = Postgres.writing(address, e);
            failed(failure.kind());
            throw failure;
        }
    }

    /** After an error of the server, or of the way to it, the next batch begins with a new connection. */
    private void failed(LedgerException.Kind kind) {
        if (writer != null) {
            writer.rollBack();
            if (kind != LedgerException.Kind.ROWS) {
                closeWriter();
            }
        }
    }

    private void closeWriter() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    @Override
    public LedgerQueries queries(Duration limit) {
        return new PostgresQueries(address, this::reader, limit);
    }

    /** A connection of those who read; closing it gives it back. */
    private Connection reader() throws SQLException {
        synchronized (readers) {
            if (readers.getDataSource() == null) {
                readers.setDataSource(Postgres.source(address));
            }
        }
        return readers.getConnection();
    }

    @Override
    public void close() {
        closeWriter();
        readers.close();
    }
}
