package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Usage;

/** Classes of tokens that do not overlap, so that they may be added up and priced. */
enum TokenKind {
    /** Input that was neither read from a cache nor written to one. */
    INPUT,
    /** Input read from the provider's cache. */
    CACHED,
    /** Input written to the provider's cache for five minutes, or for a time that nobody told. */
    WRITTEN,
    /** Input written to the provider's cache for an hour. */
    WRITTEN_1H,
    /** Output, reasoning included. */
    OUTPUT;

    private static final int SIZE = values().length;

    /** Makes a cell for each class. */
    static Cells cells() {
        return new Cells(SIZE);
    }

    /** Adds {@code usage} to {@code cells}, which the caller owns; what is not known counts as none. */
    static void add(Usage usage, Cells cells) {
        add(INPUT, usage.input().uncached(), cells);
        add(CACHED, usage.input().cached(), cells);
        add(WRITTEN, usage.input().written(), cells);
        add(WRITTEN_1H, usage.input().written1h(), cells);
        add(OUTPUT, usage.output().tokens(), cells);
    }

    private static void add(TokenKind kind, long tokens, Cells cells) {
        if (tokens > 0) {
            cells.add(kind.ordinal(), tokens);
        }
    }
}
