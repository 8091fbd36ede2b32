package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Line;
import io.costoptimal.gateway.server.ledger.LedgerSql.Rolled;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Adds up roll-ups to the lines of a summary, from any number of files and tables. Confined to one thread. Histograms can only
 * be added up here, so everything is.
 */
public final class SummaryLines {

    private static final String SUMS = Sum.ALL.stream().map(Sum::word).collect(Collectors.joining(", "));

    private final Grouping grouping;
    private final Map<Group, RollUp> lines = new HashMap<>();

    /** @param values in the order of the grouping's dimensions */
    private record Group(long start, List<String> values) {}

    public SummaryLines(Grouping grouping) {
        this.grouping = grouping;
    }

    /** What is to be read of {@code table}; its parameters are a time and where it ends, and more conditions may follow. */
    public String select(Rolled table) {
        String dimensions =
                grouping.by().stream().map(dimension -> dimension.word() + ", ").collect(Collectors.joining());
        return "SELECT " + table.start() + ", " + dimensions + SUMS + ", first_byte, total FROM " + table.table()
                + " WHERE " + table.start() + " >= ? AND " + table.start() + " < ?";
    }

    /** Adds the roll-up that {@code rows} is at, of what {@link #select} says. */
    public void add(ResultSet rows) throws SQLException {
        int dimensions = grouping.by().size();
        List<String> values = new ArrayList<>(dimensions);
        for (int i = 0; i < dimensions; i++) {
            values.add(rows.getString(i + 2));
        }
        Group group = new Group(Periods.start(rows.getLong(1), grouping.period()), values);
        LedgerSql.add(rows, dimensions + 2, lines.computeIfAbsent(group, added -> new RollUp()));
    }

    /** All lines, by the start of their period and then by their values. */
    public List<Line> inOrder() {
        return lines.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(SummaryLines::compare))
                .map(line -> new Line(of(line.getKey()), line.getKey().start(), line.getValue()))
                .toList();
    }

    private Map<Dimension, String> of(Group group) {
        Map<Dimension, String> of = new EnumMap<>(Dimension.class);
        for (int i = 0; i < group.values().size(); i++) {
            of.put(grouping.by().get(i), group.values().get(i));
        }
        return of;
    }

    private static int compare(Group one, Group other) {
        int order = Long.compare(one.start(), other.start());
        for (int i = 0; order == 0 && i < one.values().size(); i++) {
            order = one.values().get(i).compareTo(other.values().get(i));
        }
        return order;
    }
}
