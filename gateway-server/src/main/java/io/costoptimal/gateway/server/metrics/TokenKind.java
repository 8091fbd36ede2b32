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

    /**
     * Tokens of this class in {@code usage}; what was not reported counts as none. OpenAI's input includes what was cached
     * or written, Anthropic's does not. A provider that reports more cached than input has no plain input left.
     *
     * @param family whose API the usage is told in
     */
    long of(Usage usage, ApiFamily family) {
        long cached = Math.max(0, usage.cacheRead());
        long written = Math.max(0, usage.cacheWrite());
        return switch (this) {
            case INPUT -> {
                long input = Math.max(0, usage.input());
                yield family == ApiFamily.ANTHROPIC ? input : Math.max(0, input - cached - written);
            }
            case CACHED -> cached;
            case WRITTEN -> written;
            case OUTPUT -> Math.max(0, usage.output());
        };
    }
}
