package io.costoptimal.gateway.server.reconcile;

import io.costoptimal.gateway.server.ledger.Column;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a provider says that was used. Filled by one of the readers here, by one thread, then only read. */
public final class ProviderFigures {

    private final String api;
    private final Set<Column> told = EnumSet.noneOf(Column.class);
    private final Map<DayModel, Tokens> tokens = new TreeMap<>();
    private LocalDate first;
    private LocalDate last;
    private boolean cut;

    /** @param api word of the API whose provider tells it; {@code null} when the form does not say */
    ProviderFigures(String api) {
        this.api = api;
    }

    /** Covers {@code day}, whether anything was used on it or not. */
    void cover(LocalDate day) {
        first = first == null || day.isBefore(first) ? day : first;
        last = last == null || day.isAfter(last) ? day : last;
    }

    /** This class is told, here or where it says nothing because it is 0. */
    void tells(Column tokenClass) {
        told.add(tokenClass);
    }

    void add(DayModel of, Column tokenClass, long count) {
        tells(tokenClass);
        tokens.computeIfAbsent(of, key -> new Tokens()).add(tokenClass, count);
    }

    /** More pages follow, which are not here. */
    void isCut() {
        cut = true;
    }

    /** Word of the API whose provider tells it; {@code null} when that is not known. */
    public String api() {
        return api;
    }

    /** The first day, in UTC; {@code null} when there is none. */
    public LocalDate first() {
        return first;
    }

    /** The last day. */
    public LocalDate last() {
        return last;
    }

    /** Whether the provider says that there is more than this. */
    public boolean cut() {
        return cut;
    }

    Set<Column> told() {
        return told;
    }

    Map<DayModel, Tokens> tokens() {
        return tokens;
    }
}
