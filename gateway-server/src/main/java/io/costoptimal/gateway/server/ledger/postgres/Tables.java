package io.costoptimal.gateway.server.ledger.postgres;

import io.costoptimal.gateway.server.ledger.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** Makes the tables of a ledger, or brings them up to date, one gateway at a time. Stateless. */
final class Tables {

    /** Held, in the server, by whoever makes or drops tables of a ledger. */
    static final String LOCK = "SELECT pg_advisory_xact_lock(4986271540982736501)";

    /** Texts are ordered by their bytes, as in SQLite and whatever language the database was made for. */
    private static final Map<String, String> WORDS = Map.of(
            "integer", "BIGINT",
            "text", "TEXT COLLATE \"C\"",
            "bytes", "BYTEA",
            "table", "",
            "attempts", "PARTITION BY RANGE (started_at)");

    private Tables() {}

    /** Commits what it has done. */
    static void ready(Connection connection) throws SQLException {
        if (version(connection) < Schema.VERSION) {
            Postgres.execute(connection, LOCK);
            // Another gateway may have done it while this one waited.
            for (int next = version(connection) + 1; next <= Schema.VERSION; next++) {
                for (String statement : Schema.statements(next, WORDS)) {
                    Postgres.execute(connection, statement);
                }
                if (next == 1) {
                    Postgres.execute(connection, "CREATE TABLE ledger_version (version BIGINT NOT NULL)");
                }
                Postgres.execute(connection, "INSERT INTO ledger_version (version) VALUES (" + next + ")");
            }
        }
        int version = version(connection);
        connection.commit();
        if (version > Schema.VERSION) {
            throw new SQLException("the tables were made by a newer version (expected: tables of version "
                    + Schema.VERSION + ", not " + version + ")");
        }
    }

    private static int version(Connection connection) throws SQLException {
        return Postgres.exists(connection, "ledger_version")
                ? (int) Postgres.number(connection, "SELECT max(version) FROM ledger_version")
                : 0;
    }
}
