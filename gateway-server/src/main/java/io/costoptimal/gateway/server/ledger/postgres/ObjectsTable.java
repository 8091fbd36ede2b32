package io.costoptimal.gateway.server.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The table that says whose the objects are which providers keep, beside the ledger's. It has no part in their version, so that
 * a gateway that does not know it can share the database. Stateless.
 */
public final class ObjectsTable {

    private static final String NAME = "object_owners";
    private static final String TABLE = "CREATE TABLE " + NAME + " (id TEXT COLLATE \"C\" NOT NULL,"
            + " owner TEXT COLLATE \"C\" NOT NULL, provider TEXT NOT NULL, used BIGINT NOT NULL, origin TEXT, PRIMARY KEY (id, owner))";

    private ObjectsTable() {}

    /** Connects to {@code address}, and makes the table if it is missing. */
    public static Connection open(PostgresAddress address) throws SQLException {
        Connection connection = Postgres.source(address).getConnection();
        try {
            if (!Postgres.exists(connection, NAME)) {
                connection.setAutoCommit(false);
                Postgres.execute(connection, Tables.LOCK);
                // Another gateway may have made it while this one waited.
                if (!Postgres.exists(connection, NAME)) {
                    Postgres.execute(connection, TABLE);
                }
                connection.commit();
                connection.setAutoCommit(true);
            }
            return connection;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }
}
