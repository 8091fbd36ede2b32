package io.costoptimal.gateway.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows by label, columns by label, each cell made on first use; both in the order they came. Confined to one thread. */
final class Grid<C> {

    private final Map<String, Map<String, C>> rows = new LinkedHashMap<>();
    private final List<String> columns = new ArrayList<>();

    /** The cell, {@code fresh} if there was none. */
    C cell(String row, String column, C fresh) {
        if (!columns.contains(column)) {
            columns.add(column);
        }
        C old = rows.computeIfAbsent(row, r -> new LinkedHashMap<>()).putIfAbsent(column, fresh);
        return old == null ? fresh : old;
    }

    /** The cell, or {@code null}. */
    C get(String row, String column) {
        return rows.getOrDefault(row, Map.of()).get(column);
    }

    List<String> rows() {
        return List.copyOf(rows.keySet());
    }

    List<String> columns() {
        return List.copyOf(columns);
    }

    /** Puts {@code column} first, if it is there. */
    void first(String column) {
        if (columns.remove(column)) {
            columns.add(0, column);
        }
    }
}
