package io.costoptimal.gateway.server.objects;

import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table {@code object_owners}, in SQLite or PostgreSQL: a row for each object and key. Confined to one thread. Connects when
 * it is needed, and anew after something failed.
 */
public final class OwnerTable implements AutoCloseable {

    /** Ids in one question: SQLite takes 32 766 parameters, and most requests are about one object. */
    private static final int MOST_IDS = 500;

    private final Source source;
    private Connection connection;

    /** Where the table is. */
    public interface Source {

        /** A new connection that commits each statement, to a database in which the table is made. */
        Connection open() throws SQLException;
    }

    /** What is done with a connection. */
    private interface Work<T> {
        T on(Connection open) throws SQLException;
    }

    /** @param source asked for a connection whenever there is none */
    public OwnerTable(Source source) {
        this.source = source;
    }

    /** The owners of those of {@code ids} that are there. */
    Map<String, List<Owner>> find(Collection<String> ids) throws SQLException {
        List<String> all = new ArrayList<>(ids);
        return work(open -> {
            Map<String, List<Owner>> found = new HashMap<>();
            for (int from = 0; from < all.size(); from += MOST_IDS) {
                find(open, all.subList(from, Math.min(all.size(), from + MOST_IDS)), found);
            }
            return found;
        });
    }

    private static void find(Connection open, List<String> ids, Map<String, List<Owner>> found) throws SQLException {
        String places = String.join(", ", Collections.nCopies(ids.size(), "?"));
        try (PreparedStatement select =
                open.prepareStatement("SELECT id, owner, provider, origin FROM object_owners WHERE id IN (" + places
                        + ") ORDER BY used DESC, owner")) {
            for (int i = 0; i < ids.size(); i++) {
                select.setString(i + 1, ids.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getString(1), id -> new ArrayList<>())
                            .add(new Owner(rows.getString(2), rows.getString(3), Origin.of(rows.getString(4))));
                }
            }
        }
    }

    /**
     * Writes all of {@code changes}, or nothing.
     *
     * @param day days since 1970, in which they are of use
     */
    void write(Collection<Change> changes, long day) throws SQLException {
        work(open -> {
            open.setAutoCommit(false);
            try (PreparedStatement made = open.prepareStatement(
                            "INSERT INTO object_owners (id, owner, provider, used, origin)"
                                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (id, owner)"
                                    + " DO UPDATE SET provider = excluded.provider, used = excluded.used, origin = excluded.origin");
                    PreparedStatement deleted = open.prepareStatement(
                            "DELETE FROM object_owners WHERE id = ? AND owner = ? AND provider = ?");
                    PreparedStatement used = open.prepareStatement(
                            "UPDATE object_owners SET used = ? WHERE id = ? AND owner = ? AND used < ?")) {
                // In the order of their key, so that no two gateways wait for each other.
                for (Change change : changes.stream().sorted(Change.ORDER).toList()) {
                    switch (change.what()) {
                        case MADE ->
                            execute(
                                    made,
                                    change.id(),
                                    change.owner().key(),
                                    change.owner().provider(),
                                    day,
                                    origin(change.owner()));
                        case DELETED ->
                            execute(
                                    deleted,
                                    change.id(),
                                    change.owner().key(),
                                    change.owner().provider());
                        case USED ->
                            execute(used, day, change.id(), change.owner().key(), day);
                    }
                }
            }
            open.commit();
            open.setAutoCommit(true);
            return null;
        });
    }

    /** Forgets what was of no use since {@code day}, in days since 1970. */
    void expire(long day) throws SQLException {
        work(open -> {
            try (PreparedStatement delete = open.prepareStatement("DELETE FROM object_owners WHERE used < ?")) {
                execute(delete, day);
            }
            return null;
        });
    }

    private static String origin(Owner owner) {
        return owner.origin() == null ? null : owner.origin().text();
    }

    private static void execute(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        statement.executeUpdate();
    }

    private <T> T work(Work<T> work) throws SQLException {
        if (connection == null) {
            connection = source.open();
        }
        boolean good = false;
        try {
            T result = work.on(connection);
            good = true;
            return result;
        } finally {
            if (!good) {
                close();
            }
        }
    }

    /** Closes the connection; the next call opens another. */
    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It is broken, and nobody uses it any more.
            }
            connection = null;
        }
    }
}
