package io.costoptimal.gateway.server.ledger.sqlite;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The file that says whose the objects are which providers keep. It is not of a month, and not under the ledger's lock: the
 * process that takes over and the one that ends both write single rows, which SQLite itself puts in order. Stateless.
 */
public final class ObjectsFile {

    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS object_owners (id TEXT NOT NULL, owner TEXT NOT NULL,"
                    + " provider TEXT NOT NULL, used INTEGER NOT NULL, origin TEXT, PRIMARY KEY (id, owner)) STRICT, WITHOUT ROWID";

    private ObjectsFile() {}

    /** Opens the file beside those of {@code files}, with its table, to read and write. */
    public static Connection open(SqliteFiles files) throws SQLException {
        Connection connection = Sqlite.open(files.objects());
        try {
            Sqlite.execute(connection, "PRAGMA busy_timeout = 2000");
            Sqlite.execute(connection, "PRAGMA journal_mode = WAL");
            Sqlite.execute(connection, "PRAGMA synchronous = NORMAL");
            Sqlite.execute(connection, TABLE);
            return connection;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }
}
