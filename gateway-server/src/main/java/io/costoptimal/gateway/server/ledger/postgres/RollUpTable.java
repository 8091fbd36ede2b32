package io.costoptimal.gateway.server.ledger.postgres;

import io.costoptimal.gateway.server.ledger.LedgerSql;
import io.costoptimal.gateway.server.ledger.LedgerSql.Rolled;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.RollUps.Slot;
import io.costoptimal.gateway.server.ledger.Sum;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Adds to one table of roll-ups, to which other gateways add at the same time. Confined to the ledger's writer thread.
 *
 * <p>Histograms can only be added up here, so a slot is read, and locked until the transaction ends, before it is put. First
 * every slot is made that is not there yet, then all of them are locked, both in an order that is the same for every gateway:
 * so no two of them wait for each other.
 */
final class RollUpTable {

    private static final int MOST_KNOWN = 50_000;

    private final PreparedStatement make;
    private final PreparedStatement lock;
    private final PreparedStatement put;
    /** Slots that are there for sure. */
    private final Set<Slot> known = new HashSet<>();
    /** Slots that are there once the transaction is committed. */
    private final List<Slot> made = new ArrayList<>();

    RollUpTable(Connection connection, Rolled table) throws SQLException {
        make = connection.prepareStatement(table.putIfAbsent());
        lock = connection.prepareStatement(lock(table));
        put = connection.prepareStatement(table.put());
    }

    private static String lock(Rolled table) {
        String key = "t." + table.start() + ", t.key, t.model, t.provider, t.outcome";
        String sums = Sum.ALL.stream().map(sum -> "t." + sum.word()).collect(Collectors.joining(", "));
        return "SELECT " + key + ", " + sums + ", t.first_byte, t.total FROM " + table.table() + " t"
                + " JOIN unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])"
                + " AS s (start, key, model, provider, outcome)"
                + " ON t." + table.start() + " = s.start AND t.key = s.key AND t.model = s.model"
                + " AND t.provider = s.provider AND t.outcome = s.outcome"
                + " ORDER BY " + key + " FOR NO KEY UPDATE OF t";
    }

    /** Adds {@code slots} to what the table holds of them; they hold both afterwards. */
    void add(SortedMap<Slot, RollUp> slots) throws SQLException {
        if (slots.isEmpty()) {
            return;
        }
        make(slots.keySet());
        hold(slots);
        for (Map.Entry<Slot, RollUp> slot : slots.entrySet()) {
            LedgerSql.bind(put, slot.getKey(), slot.getValue());
            put.addBatch();
        }
        put.executeBatch();
    }

    private void make(Set<Slot> slots) throws SQLException {
        RollUp empty = new RollUp();
        for (Slot slot : slots) {
            if (!known.contains(slot)) {
                LedgerSql.bind(make, slot, empty);
                make.addBatch();
                made.add(slot);
            }
        }
        if (!made.isEmpty()) {
            make.executeBatch();
        }
    }

    private void hold(SortedMap<Slot, RollUp> slots) throws SQLException {
        List<Slot> keys = List.copyOf(slots.keySet());
        array(1, "bigint", keys, Slot::start);
        array(2, "text", keys, Slot::key);
        array(3, "text", keys, Slot::model);
        array(4, "text", keys, Slot::provider);
        array(5, "text", keys, Slot::outcome);
        try (ResultSet held = lock.executeQuery()) {
            while (held.next()) {
                Slot slot = new Slot(
                        held.getLong(1), held.getString(2), held.getString(3), held.getString(4), held.getString(5));
                LedgerSql.add(held, 6, slots.get(slot));
            }
        }
    }

    private void array(int at, String type, List<Slot> slots, Function<Slot, Object> part) throws SQLException {
        Array array = lock.getConnection()
                .createArrayOf(type, slots.stream().map(part).toArray());
        lock.setArray(at, array);
    }

    /** The transaction was committed. */
    void committed() {
        if (known.size() > MOST_KNOWN) {
            known.clear();
        }
        known.addAll(made);
        made.clear();
    }

    /** It was not. */
    void rolledBack() throws SQLException {
        made.clear();
        make.clearBatch();
        put.clearBatch();
    }
}
