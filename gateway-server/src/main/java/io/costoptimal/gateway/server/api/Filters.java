package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.ledger.AttemptOutcome;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.RowText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which rows a query means, read from its parameters. Stateless. */
final class Filters {

    private static final List<String> OUTCOMES =
            Stream.of(AttemptOutcome.values()).map(AttemptOutcome::word).toList();

    private static final List<String> NAMES = Stream.concat(
                    Stream.of("from", "to"), Stream.of(Dimension.values()).map(Dimension::word))
            .toList();

    private Filters() {}

    /** The names of a filter's parameters, and {@code others}. */
    static List<String> and(String... others) {
        List<String> names = new ArrayList<>(NAMES);
        names.addAll(List.of(others));
        return names;
    }

    /**
     * Reads a filter.
     *
     * @param from the first start that is meant if none is given, in milliseconds since 1970
     * @param to where starts end if that is not given
     */
    static Filter read(Parameters parameters, long from, long to) throws Refused {
        Map<Dimension, String> equal = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            String value = parameters.text(dimension.word());
            if (value != null) {
                equal.put(dimension, value);
            }
        }
        String outcome = equal.get(Dimension.OUTCOME);
        if (outcome != null && !OUTCOMES.contains(outcome)) {
            throw Refused.parameter("outcome", outcome, "one of " + String.join(", ", OUTCOMES));
        }
        long first = parameters.time("from", from);
        long end = parameters.time("to", to);
        if (first > end) {
            throw backwards(parameters, from);
        }
        return new Filter(first, end, equal);
    }

    /** Blames a parameter that is there. */
    private static Refused backwards(Parameters parameters, long from) {
        String first = parameters.text("from");
        String end = parameters.text("to");
        if (end == null) {
            return Refused.parameter("from", first, "a time before now, or a later time as to");
        }
        return Refused.parameter(
                "to",
                end,
                first == null
                        ? "a time after " + RowText.time(from) + ", or an earlier time as from"
                        : "a time after from");
    }

    /** Whether {@code row} is meant. */
    static boolean means(Filter filter, Row row) {
        long started = row.number(Column.STARTED_AT);
        return started >= filter.from()
                && started < filter.to()
                && filter.equal().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue()
                                .equals(row.text(wanted.getKey().column())));
    }
}
