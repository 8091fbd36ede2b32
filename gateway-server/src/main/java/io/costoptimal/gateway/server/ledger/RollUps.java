package io.costoptimal.gateway.server.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Rows added up by hour and by day, for each key, model, provider and outcome. Confined to one thread. */
public final class RollUps {

    public static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);
    public static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    /**
     * What a roll-up is about: the primary key of its table, and ordered as that.
     *
     * @param start of the hour or day, in milliseconds since 1970
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
            return new Slot(Math.floorDiv(start, DAY_MILLIS) * DAY_MILLIS, key, model, provider, outcome);
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
        SortedMap<Slot, RollUp> days = new TreeMap<>();
        hours.forEach((slot, sums) ->
                days.computeIfAbsent(slot.day(), added -> new RollUp()).add(sums));
        return days;
    }
}
