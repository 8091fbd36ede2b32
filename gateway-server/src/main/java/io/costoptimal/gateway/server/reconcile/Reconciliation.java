package io.costoptimal.gateway.server.reconcile;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Our rows beside a provider's figures. Immutable.
 *
 * @param lines one for each day, model and class of tokens that either has, by day, model and class
 * @param notReported attempts of ours whose tokens the provider did not report, so that ours are only counted or estimated
 * @param missing attempts that have no row
 */
public record Reconciliation(List<Line> lines, long notReported, long missing) {

    /**
     * One figure.
     *
     * @param day in UTC
     * @param model without the date of a snapshot
     * @param tokens which class
     * @param ours what our rows add up to
     * @param theirs what the provider says
     */
    public record Line(LocalDate day, String model, Column tokens, long ours, long theirs) {

        /** By how much ours is more. */
        public long difference() {
            return ours - theirs;
        }
    }

    /** Gathers our rows. Confined to one thread. */
    private static final class Ours {
        private final Map<DayModel, Tokens> tokens = new TreeMap<>();
        private long notReported;

        void add(Row row, LocalDate first, LocalDate last) {
            long began = row.number(Column.STARTED_AT) + row.number(Column.STARTED_AFTER_MS, 0);
            LocalDate day = Instant.ofEpochMilli(began).atZone(ZoneOffset.UTC).toLocalDate();
            String model = row.text(Column.MODEL_SENT);
            boolean used = Tokens.CLASSES.stream().anyMatch(column -> row.number(column, 0) > 0);
            if (model == null || !used || day.isBefore(first) || day.isAfter(last)) {
                return;
            }
            Tokens sums = tokens.computeIfAbsent(new DayModel(day, model), key -> new Tokens());
            Tokens.CLASSES.forEach(column -> sums.add(column, row.number(column, 0)));
            if (!"reported".equals(row.text(Column.TOKEN_SOURCE))) {
                notReported++;
            }
        }
    }

    /**
     * Compares.
     *
     * @param theirs figures that cover at least one day
     * @param providers whose attempts are compared
     */
    public static Reconciliation of(ProviderFigures theirs, LedgerQueries ledger, Set<String> providers)
            throws LedgerException {
        // A request of the evening before may have had its attempt on the first day.
        long from = millis(theirs.first().minusDays(1));
        long to = millis(theirs.last().plusDays(1));
        Ours ours = new Ours();
        ledger.forEach(new Filter(from, to, Map.of()), row -> {
            if (providers.contains(row.text(Column.PROVIDER))) {
                ours.add(row, theirs.first(), theirs.last());
            }
            return true;
        });
        long missing = ledger.gaps(millis(theirs.first()), to).stream()
                .mapToLong(Gap::count)
                .sum();
        return new Reconciliation(lines(ours.tokens, theirs), ours.notReported, missing);
    }

    private static List<Line> lines(Map<DayModel, Tokens> ours, ProviderFigures theirs) {
        Set<DayModel> all = new TreeSet<>(ours.keySet());
        all.addAll(theirs.tokens().keySet());
        Tokens nothing = new Tokens();
        List<Line> lines = new ArrayList<>();
        for (DayModel of : all) {
            for (Column column : Tokens.CLASSES) {
                if (theirs.told().contains(column)) {
                    long mine = ours.getOrDefault(of, nothing).of(column);
                    long other = theirs.tokens().getOrDefault(of, nothing).of(column);
                    lines.add(new Line(of.day(), of.model(), column, mine, other));
                }
            }
        }
        return List.copyOf(lines);
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    /** Those that differ. */
    public List<Line> differences() {
        return lines.stream().filter(line -> line.difference() != 0).toList();
    }
}
