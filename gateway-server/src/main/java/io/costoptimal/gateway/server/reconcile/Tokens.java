package io.costoptimal.gateway.server.reconcile;

import io.costoptimal.gateway.server.ledger.Column;
import java.util.List;

/** Tokens by class, in the order of {@link #CLASSES}. Confined to one thread. */
final class Tokens {

    /** What is compared. No token is in two of them. */
    static final List<Column> CLASSES = List.of(
            Column.INPUT_TOKENS,
            Column.CACHED_INPUT_TOKENS,
            Column.CACHE_WRITE_TOKENS,
            Column.CACHE_WRITE_1H_TOKENS,
            Column.OUTPUT_TOKENS);

    private final long[] sums = new long[CLASSES.size()];

    void add(Column tokens, long count) {
        sums[CLASSES.indexOf(tokens)] += count;
    }

    long of(Column tokens) {
        return sums[CLASSES.indexOf(tokens)];
    }
}
