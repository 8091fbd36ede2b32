package io.costoptimal.gateway.server.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Rows added up by hour, by day and by month, for each key, model, provider and outcome. Confined to one thread. */
public final class RollUps {

    public static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);
    public static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    /**
     * What a roll-up is about: the primary key of its table, and ordered as that.
     *
     * @param start of the hour, day or month, in milliseconds since 1970
     */
    public record Slot(long start, String key, String model, String provider, String outcome)
            implements Comparable<Slot> {

        @Override
        public int compareTo(Slot other) {
            int order = Long.compare(start, other.start);
            order = order == 0 ? key.compareTo(other.key) : order;
            order = order == 0 ? model.compareTo(other.model) : order;
            order = order == 0 ? provider.compareTo(other.provider) : order;
            return order == 0 ? outcome.compareTo(other.outcome) : order;
        }

        private Slot day() {
            return at(Math.floorDiv(start, DAY_MILLIS) * DAY_MILLIS);
        }

        private Slot month() {
            return at(Periods.start(start, LedgerQueries.Period.MONTH));
        }

        private Slot at(long otherStart) {
            return new Slot(otherStart, key, model, provider, outcome);
        }
    }

    private final Map<Slot, RollUp> hours = new HashMap<>();

    /** Adds one row. */
    public void add(Row row) {
        long hour = Math.floorDiv(row.number(Column.STARTED_AT), HOUR_MILLIS) * HOUR_MILLIS;
        Slot slot = new Slot(
                hour,
                row.text(Column.KEY),
                row.text(Column.MODEL),
                row.text(Column.PROVIDER),
                row.text(Column.OUTCOME));
        hours.computeIfAbsent(slot, added -> new RollUp()).add(row);
    }

    /** By hour, in the order of the primary key: whoever writes them in that order blocks no other who does. */
    public SortedMap<Slot, RollUp> hours() {
        return new TreeMap<>(hours);
    }

    /** The same by day. */
    public SortedMap<Slot, RollUp> days() {
        return by(Slot::day);
    }

    /** The same by month. */
    public SortedMap<Slot, RollUp> months() {
        return by(Slot::month);
    }

    private SortedMap<Slot, RollUp> by(UnaryOperator<Slot> longer) {
        SortedMap<Slot, RollUp> sums = new TreeMap<>();
        hours.forEach((slot, each) ->
                sums.computeIfAbsent(longer.apply(slot), added -> new RollUp()).add(each));
        return sums;
    }
}
