package io.costoptimal.gateway.server.ledger.postgres;

import io.costoptimal.gateway.server.ledger.LedgerException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens connections, and says what the server's errors mean. Stateless. */
final class Postgres {

    /** PostgreSQL's error codes, appendix A: there is no such table, and a text has bytes that no text can have. */
    private static final Set<String> NOTHING = Set.of("42P01", "22021");

    private static final String CANCELED = "57014";
    private static final String LOCK_TIMEOUT = "55P03";

    private Postgres() {}

    /** Makes a new connection each time it is asked. */
    static PGSimpleDataSource source(PostgresAddress address) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:postgresql://" + address.hosts() + '/'
                + URLEncoder.encode(address.database(), StandardCharsets.UTF_8).replace("+", "%20"));
        for (Map.Entry<String, String> parameter : address.parameters().entrySet()) {
            source.setProperty(parameter.getKey(), parameter.getValue());
        }
        return source;
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

    /** The first value of the first row as a text; {@code null} where there is none. */
    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /**
     * Whether there is such a table among the ledger's. Asks the catalogue itself: a session's own memory of names may be older
     * than what another session has committed.
     */
    static boolean exists(Connection connection, String table) throws SQLException {
        return number(
                        connection,
                        "SELECT count(*) FROM pg_catalog.pg_class WHERE relname = '" + table
                                + "' AND relnamespace = current_schema()::regnamespace")
                > 0;
    }

    /** What {@code cause} means for the ledger's writer. */
    static LedgerException writing(PostgresAddress address, SQLException cause) {
        // The first two characters are the class of the error: data exceptions, violated constraints, limits of the
        // program.
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        boolean rows = state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
        return failure(rows ? LedgerException.Kind.ROWS : LedgerException.Kind.STORE, address, cause);
    }

    /** What {@code cause} means for whoever has asked something. */
    static LedgerException reading(PostgresAddress address, SQLException cause) {
        boolean late = CANCELED.equals(cause.getSQLState()) || LOCK_TIMEOUT.equals(cause.getSQLState());
        return failure(late ? LedgerException.Kind.TIME_LIMIT : LedgerException.Kind.STORE, address, cause);
    }

    /** Whether {@code cause} says that there can be no answer: nobody has written yet, or what is looked for cannot be kept. */
    static boolean findsNothing(SQLException cause) {
        return cause.getSQLState() != null && NOTHING.contains(cause.getSQLState());
    }

    private static LedgerException failure(LedgerException.Kind kind, PostgresAddress address, SQLException cause) {
        return new LedgerException(kind, address + ": " + cause.getMessage(), cause);
    }
}
