package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import io.costoptimal.gateway.server.ledger.LedgerSql.Rolled;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Cuts time into what there are roll-ups for. In UTC, in milliseconds since 1970. Stateless. */
public final class Periods {

    /** Where all time ends: the year 10000. */
    public static final long END = 253_402_300_800_000L;

    private Periods() {}

    /** A time whose roll-ups stand in one table. */
    public record Part(Rolled table, long from, long to) {}

    /** Times that follow each other. */
    public record Parts(List<Part> all) {

        /** What of them is from {@code from} to before {@code to}, both of which begin a day. */
        public List<Part> of(long from, long to) {
            List<Part> clipped = new ArrayList<>();
            for (Part part : all) {
                Part rest = new Part(part.table(), Math.max(from, part.from()), Math.min(to, part.to()));
                if (rest.from() < rest.to()) {
                    clipped.add(rest);
                }
            }
            return clipped;
        }
    }

    /**
     * The whole hours that the time of {@code filter} touches, as whole days and whole months as far as possible: there are far
     * fewer of those.
     *
     * @param period that lines are made for; {@code null} for one line
     */
    public static Parts parts(Filter filter, Period period) {
        long from = floor(filter.from(), RollUps.HOUR_MILLIS);
        long to = ceiling(filter.to(), RollUps.HOUR_MILLIS);
        long firstDay = ceiling(from, RollUps.DAY_MILLIS);
        long lastDay = floor(to, RollUps.DAY_MILLIS);
        if (period == Period.HOUR || firstDay >= lastDay) {
            return new Parts(List.of(new Part(Rolled.HOURS, from, to)));
        }
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(Rolled.HOURS, from, firstDay));
        long firstMonth = nextMonth(firstDay - 1);
        long lastMonth = start(lastDay, Period.MONTH);
        if (period == Period.DAY || firstMonth >= lastMonth) {
            parts.add(new Part(Rolled.DAYS, firstDay, lastDay));
        } else {
            parts.add(new Part(Rolled.DAYS, firstDay, firstMonth));
            parts.add(new Part(Rolled.MONTHS, firstMonth, lastMonth));
            parts.add(new Part(Rolled.DAYS, lastMonth, lastDay));
        }
        parts.add(new Part(Rolled.HOURS, lastDay, to));
        return new Parts(parts);
    }

    /** When the month after the one that holds {@code millis} begins. */
    private static long nextMonth(long millis) {
        return monthOf(millis).plusMonths(1).toInstant().toEpochMilli();
    }

    private static OffsetDateTime monthOf(long millis) {
        return Instant.ofEpochMilli(millis)
                .atOffset(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .withDayOfMonth(1);
    }

    private static long floor(long millis, long unit) {
        return Math.floorDiv(millis, unit) * unit;
    }

    private static long ceiling(long millis, long unit) {
        return floor(millis + unit - 1, unit);
    }

    /** When the period that holds {@code millis} begins; -1 when {@code period} is {@code null}. */
    static long start(long millis, Period period) {
        if (period == null) {
            return -1;
        }
        return switch (period) {
            case HOUR -> floor(millis, RollUps.HOUR_MILLIS);
            case DAY -> floor(millis, RollUps.DAY_MILLIS);
            case MONTH -> monthOf(millis).toInstant().toEpochMilli();
        };
    }
}
