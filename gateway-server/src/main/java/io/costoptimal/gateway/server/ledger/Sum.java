package io.costoptimal.gateway.server.ledger;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What roll-ups add up, in the order of the table {@code rollups}, whose columns have these names in lower case. Each says
 * what a row adds.
 */
public enum Sum {
    ATTEMPTS(row -> 1),
    /** Attempts after the first of their request. Attempts without these are requests. */
    FAILOVERS(row -> row.number(Column.ATTEMPT) > 1 ? 1 : 0),
    INPUT_TOKENS(Column.INPUT_TOKENS),
    CACHED_INPUT_TOKENS(Column.CACHED_INPUT_TOKENS),
    CACHE_WRITE_TOKENS(Column.CACHE_WRITE_TOKENS),
    CACHE_WRITE_1H_TOKENS(Column.CACHE_WRITE_1H_TOKENS),
    OUTPUT_TOKENS(Column.OUTPUT_TOKENS),
    REASONING_TOKENS(Column.REASONING_TOKENS),
    AUDIO_INPUT_TOKENS(Column.AUDIO_INPUT_TOKENS),
    AUDIO_OUTPUT_TOKENS(Column.AUDIO_OUTPUT_TOKENS),
    COST_NANO_USD(Column.COST_NANO_USD),
    /** Attempts that have no cost, because there was no price. */
    UNPRICED_ATTEMPTS(row -> row.has(Column.COST_NANO_USD) ? 0 : 1),
    /** Attempts that used something their price does not cover. */
    PARTIAL_ATTEMPTS(Column.PARTIAL),
    POSSIBLE_NANO_USD(Column.POSSIBLE_NANO_USD),
    /** Of first attempts, since a request has one decision. */
    REGRET_NANO_USD(row -> first(row) ? row.number(Column.REGRET_NANO_USD, 0) : 0),
    /** Of attempts that have a cost as well. */
    FIRST_CHOICE_NANO_USD(
            row -> both(row, Column.FIRST_CHOICE_NANO_USD) ? row.number(Column.FIRST_CHOICE_NANO_USD) : 0),
    /** Cost of the attempts that are in the sum before. */
    FIRST_CHOICE_COST_NANO_USD(row -> both(row, Column.FIRST_CHOICE_NANO_USD) ? row.number(Column.COST_NANO_USD) : 0),
    /** Of attempts that have a cost as well. */
    DEAREST_NANO_USD(row -> both(row, Column.DEAREST_NANO_USD) ? row.number(Column.DEAREST_NANO_USD) : 0),
    /** Cost of the attempts that are in the sum before. */
    DEAREST_COST_NANO_USD(row -> both(row, Column.DEAREST_NANO_USD) ? row.number(Column.COST_NANO_USD) : 0),
    /** Requests whose decision was called so; the same for the five after it. */
    DECISION_ORDERED(row -> decided(row, "ordered")),
    DECISION_WEIGHTED(row -> decided(row, "weighted")),
    DECISION_PROVEN(row -> decided(row, "proven")),
    DECISION_COUNTED(row -> decided(row, "counted")),
    DECISION_EXPECTED(row -> decided(row, "expected")),
    DECISION_ESTIMATED(row -> decided(row, "estimated")),
    /** Attempts whose tokens have that source; the same for the three after it. */
    TOKENS_REPORTED(row -> sourced(row, "reported")),
    TOKENS_COUNTED(row -> sourced(row, "counted")),
    TOKENS_ESTIMATED(row -> sourced(row, "estimated")),
    TOKENS_NONE(row -> sourced(row, "none")),
    REQUEST_BYTES(Column.REQUEST_BYTES),
    RESPONSE_BYTES(Column.RESPONSE_BYTES);

    /** All sums in their order. */
    public static final List<Sum> ALL = List.of(values());

    private final ToLongFunction<Row> of;
    private final String word = name().toLowerCase(Locale.ROOT);

    Sum(ToLongFunction<Row> of) {
        this.of = of;
    }

    Sum(Column column) {
        this(row -> row.number(column, 0));
    }

    /** What {@code row} adds. */
    long of(Row row) {
        return of.applyAsLong(row);
    }

    /** Name of the column. */
    public String word() {
        return word;
    }

    private static boolean first(Row row) {
        return row.number(Column.ATTEMPT) == 1;
    }

    private static boolean both(Row row, Column column) {
        return row.has(column) && row.has(Column.COST_NANO_USD);
    }

    private static long decided(Row row, String word) {
        return first(row) && word.equals(row.text(Column.DECISION)) ? 1 : 0;
    }

    private static long sourced(Row row, String word) {
        return word.equals(row.text(Column.TOKEN_SOURCE)) ? 1 : 0;
    }
}
