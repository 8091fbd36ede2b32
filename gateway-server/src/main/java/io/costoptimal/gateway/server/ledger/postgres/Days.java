package io.costoptimal.gateway.server.ledger.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The partitions of the table {@code attempts}, one for each day in UTC: {@code attempts_20261127}. Confined to the ledger's
 * writer thread. Each method ends the transaction it is called in.
 */
final class Days {

    private static final String PREFIX = "attempts_";
    private static final DateTimeFormatter NAME = DateTimeFormatter.BASIC_ISO_DATE;

    private final Connection connection;
    /** Days that have had a partition when this last looked. */
    private final Set<LocalDate> known = new HashSet<>();

    Days(Connection connection) {
        this.connection = connection;
    }

    /** The day that holds {@code millis} since 1970. */
    static LocalDate of(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    /** First millisecond of {@code day}. */
    static long startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    private static String name(LocalDate day) {
        return PREFIX + NAME.format(day);
    }

    /** Has it look again which days there are. */
    void forget() {
        known.clear();
    }

    /**
     * Makes the partition of {@code day} if there is none. It is made on its own and then attached, which holds up neither
     * those who read nor those who write.
     *
     * @return whether there is one now; not if the day is gone already
     */
    boolean make(LocalDate day) throws SQLException {
        if (known.contains(day)) {
            return true;
        }
        Postgres.execute(connection, Tables.LOCK);
        long start = startOf(day);
        boolean gone = Postgres.number(connection, "SELECT count(*) FROM gone WHERE start = " + start) > 0;
        if (!gone && !exists(day)) {
            Postgres.execute(connection, "CREATE TABLE " + name(day) + " (LIKE attempts INCLUDING ALL)");
            Postgres.execute(
                    connection,
                    "ALTER TABLE attempts ATTACH PARTITION " + name(day) + " FOR VALUES FROM (" + start + ") TO ("
                            + startOf(day.plusDays(1)) + ")");
        }
        connection.commit();
        if (!gone) {
            known.add(day);
        }
        return !gone;
    }

    private boolean exists(LocalDate day) throws SQLException {
        return Postgres.exists(connection, name(day));
    }

    /** The days before {@code end} that have a partition, oldest first. */
    List<LocalDate> before(LocalDate end) throws SQLException {
        List<LocalDate> days = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery(
                        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                                + " WHERE i.inhparent = 'attempts'::regclass ORDER BY c.relname")) {
            while (names.next()) {
                try {
                    days.add(LocalDate.parse(names.getString(1).substring(PREFIX.length()), NAME));
                } catch (DateTimeParseException | StringIndexOutOfBoundsException e) {
                    // A partition that somebody else has made stays.
                }
            }
        }
        connection.commit();
        days.removeIf(day -> !day.isBefore(end));
        return days;
    }

    /**
     * Drops the partition of {@code day} if its newest row is older than {@code before}, and notes that the day is gone.
     * While this waits for those who read, others wait behind it: so it waits for a second at most, and fails then.
     */
    void drop(LocalDate day, long before) throws SQLException {
        Postgres.execute(connection, "SET LOCAL lock_timeout = '1s'");
        Postgres.execute(connection, Tables.LOCK);
        // The whole table first, as those who write do, so that nobody waits for each other.
        Postgres.execute(connection, "LOCK TABLE ONLY attempts IN ACCESS EXCLUSIVE MODE");
        if (exists(day) && newest(day) < before) {
            Postgres.execute(
                    connection, "INSERT INTO gone (start) VALUES (" + startOf(day) + ") ON CONFLICT DO NOTHING");
            Postgres.execute(connection, "DROP TABLE " + name(day));
            known.remove(day);
        }
        connection.commit();
    }

    /** When the newest row of {@code day} started; the end of the day when it has none. */
    private long newest(LocalDate day) throws SQLException {
        long newest = Postgres.number(connection, "SELECT max(started_at) FROM " + name(day));
        return newest == Long.MIN_VALUE ? startOf(day.plusDays(1)) - 1 : newest;
    }
}
