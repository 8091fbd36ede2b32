package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Usage;

/** Classes of tokens that do not overlap, so that they may be added up and priced. */
enum TokenKind {
    /** Input that was neither read from a cache nor written to one. */
    INPUT,
    /** Input read from the provider's cache. */
    CACHED,
    /** Input written to the provider's cache. */
    WRITTEN,
    /** Output, reasoning included. */
    OUTPUT;

    private static final int SIZE = values().length;

    /** Makes a cell for each class. */
    static Cells cells() {
        return new Cells(SIZE);
    }

    /**
     * Adds {@code usage} to {@code cells}, which the caller owns; what was not reported counts as none. OpenAI's input
     * includes what was cached or written, Anthropic's does not. A provider that reports more cached than input has no
     * plain input left.
     *
     * @param family whose API the usage is told in
     */
    static void add(Usage usage, ApiFamily family, Cells cells) {
        long cached = Math.max(0, usage.cacheRead());
        long written = Math.max(0, usage.cacheWrite());
        long input = Math.max(0, usage.input());
        if (family == ApiFamily.OPENAI) {
            input = Math.max(0, input - cached - written);
        }
        cells.add(INPUT.ordinal(), input);
        cells.add(CACHED.ordinal(), cached);
        cells.add(WRITTEN.ordinal(), written);
        cells.add(OUTPUT.ordinal(), Math.max(0, usage.output()));
    }
}
