package io.costoptimal.gateway.server.ledger.sqlite;

import io.costoptimal.gateway.server.ledger.Sum;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The file with the roll-ups and gaps of the months whose rows are gone. Stateless; written by the ledger's writer alone. */
final class SummaryFile {

    private SummaryFile() {}

    /**
     * The months that are gone.
     *
     * @param limit how long it may be read; {@code null} for no limit
     */
    static List<YearMonth> gone(Path summary, Duration limit) throws SQLException {
        List<YearMonth> months = new ArrayList<>();
        if (!Files.exists(summary)) {
            return months;
        }
        try (Connection connection = Sqlite.read(summary, limit)) {
            // Until the first month has been copied there may be a file without tables.
            if (!Sqlite.hasTables(connection)) {
                return months;
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT start FROM gone ORDER BY start")) {
                while (rows.next()) {
                    months.add(SqliteFiles.monthOf(rows.getLong(1)));
                }
            }
        }
        return months;
    }

    /** Copies the roll-ups and gaps of {@code month} from its file, and notes that it is gone; all of it or nothing, for good. */
    static void take(Path summary, Path file, YearMonth month) throws SQLException {
        try (Connection connection = Sqlite.write(summary)) {
            // The file of the month is deleted next: what was copied must be on the disk, not on its way there.
            Sqlite.execute(connection, "PRAGMA synchronous = FULL");
            try (PreparedStatement attach = connection.prepareStatement("ATTACH DATABASE ? AS month")) {
                attach.setString(1, file.toString());
                attach.executeUpdate();
            }
            Sqlite.execute(connection, "BEGIN IMMEDIATE");
            String sums = Sum.ALL.stream().map(Sum::word).collect(Collectors.joining(", "));
            copy(connection, "rollups", "hour, key, model, provider, outcome, " + sums + ", first_byte, total");
            copy(connection, "days", "day, key, model, provider, outcome, " + sums + ", first_byte, total");
            copy(connection, "months", "month, key, model, provider, outcome, " + sums + ", first_byte, total");
            copy(connection, "gaps", "from_ms, to_ms, gap_id, count, reason");
            Sqlite.execute(
                    connection, "INSERT OR REPLACE INTO gone (start) VALUES (" + SqliteFiles.startOf(month) + ")");
            Sqlite.execute(connection, "COMMIT");
            Sqlite.execute(connection, "DETACH DATABASE month");
            Sqlite.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private static void copy(Connection connection, String table, String columns) throws SQLException {
        Sqlite.execute(
                connection,
                "INSERT OR REPLACE INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM month."
                        + table);
    }
}
