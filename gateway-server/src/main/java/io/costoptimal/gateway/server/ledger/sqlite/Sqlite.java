package io.costoptimal.gateway.server.ledger.sqlite;

import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.Schema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens databases, and says what their errors mean. Stateless; the only place that knows the driver. */
final class Sqlite {

    private static final Map<String, String> WORDS = Map.of(
            "integer",
            "INTEGER",
            "text",
            "TEXT",
            "bytes",
            "BLOB",
            "table",
            "STRICT, WITHOUT ROWID",
            "attempts",
            "STRICT, WITHOUT ROWID");

    /** Instructions of the database between two looks at the clock: some tens of microseconds. */
    private static final int INSTRUCTIONS = 2_000;

    private Sqlite() {}

    /**
     * Opens a database to write, and makes its tables if they are missing or of an older version.
     *
     * <p>{@code synchronous = NORMAL} with a log (WAL): a process that is killed loses nothing that was committed, a machine
     * that loses its power may lose the last transactions, and neither leaves the file broken. Checkpoints are the writer's
     * own to make. A page holds a row with a long usage object.
     */
    static Connection write(Path file) throws SQLException {
        Connection connection = open(file, new SQLiteConfig());
        try {
            execute(connection, "PRAGMA busy_timeout = 2000");
            execute(connection, "PRAGMA page_size = 8192");
            execute(connection, "PRAGMA journal_mode = WAL");
            execute(connection, "PRAGMA synchronous = NORMAL");
            execute(connection, "PRAGMA cache_size = -65536");
            execute(connection, "PRAGMA wal_autocheckpoint = 0");
            execute(connection, "PRAGMA journal_size_limit = 67108864");
            migrate(connection, file);
            return connection;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Opens a database to read.
     *
     * @param limit how long it may be read; {@code null} for no limit
     */
    static Connection read(Path file, Duration limit) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        Connection connection = open(file, config);
        try {
            execute(connection, "PRAGMA busy_timeout = 2000");
            if (limit != null) {
                long end = System.nanoTime() + limit.toNanos();
                ProgressHandler.setHandler(connection, INSTRUCTIONS, new ProgressHandler() {
                    @Override
                    protected int progress() {
                        return System.nanoTime() - end > 0 ? 1 : 0;
                    }
                });
            }
            return connection;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** Opens a database as it is, to read and write. */
    static Connection open(Path file) throws SQLException {
        return open(file, new SQLiteConfig());
    }

    private static Connection open(Path file, SQLiteConfig config) throws SQLException {
        Properties properties = config.toProperties();
        return JDBC.createConnection(JDBC.PREFIX + file, properties);
    }

    private static void migrate(Connection connection, Path file) throws SQLException {
        if (version(connection) < Schema.VERSION) {
            execute(connection, "BEGIN IMMEDIATE");
            for (int next = version(connection) + 1; next <= Schema.VERSION; next++) {
                for (String statement : Schema.statements(next, WORDS)) {
                    execute(connection, statement);
                }
                execute(connection, "PRAGMA user_version = " + next);
            }
            execute(connection, "COMMIT");
        }
        if (version(connection) > Schema.VERSION) {
            throw new SQLException(file + " was written by a newer version (expected: tables of version "
                    + Schema.VERSION + ", not " + version(connection) + ")");
        }
    }

    private static int version(Connection connection) throws SQLException {
        return (int) number(connection, "PRAGMA user_version");
    }

    /** Whether the tables were made already: the writer may just have begun a file. */
    static boolean hasTables(Connection connection) throws SQLException {
        return version(connection) > 0;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first value of the first row; {@link Long#MIN_VALUE} where there is none. */
    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                return Long.MIN_VALUE;
            }
            long value = rows.getLong(1);
            return rows.wasNull() ? Long.MIN_VALUE : value;
        }
    }

    /** What {@code cause} means for whoever has asked. */
    static LedgerException failure(Path file, SQLException cause) {
        SQLiteErrorCode code =
                cause instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        return new LedgerException(kind(code), file.getFileName() + ": " + cause.getMessage(), cause);
    }

    private static LedgerException.Kind kind(SQLiteErrorCode code) {
        // The lowest byte of a result is its primary code (SQLite's result codes, 2).
        if (code.code < 0) {
            return LedgerException.Kind.STORE;
        }
        return switch (code.code & 0xff) {
            case 9 -> LedgerException.Kind.TIME_LIMIT; // SQLITE_INTERRUPT
            case 18, 19, 20, 25 -> LedgerException.Kind.ROWS; // TOOBIG, CONSTRAINT, MISMATCH, RANGE
            default -> LedgerException.Kind.STORE;
        };
    }
}
