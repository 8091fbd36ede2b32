package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.Usage;

/** The figures of one usage object, by the names every API gives them; -1 is unknown. Confined to its scanner's thread. */
final class TokenFigures {

    private static final long PROMPT = Name.of("prompt_tokens");
    private static final long INPUT = Name.of("input_tokens");
    private static final long COMPLETION = Name.of("completion_tokens");
    private static final long OUTPUT = Name.of("output_tokens");
    private static final long CACHED = Name.of("cached_tokens");
    private static final long CACHE_READ = Name.of("cache_read_input_tokens");
    private static final long CACHE_WRITE = Name.of("cache_write_tokens");
    private static final long CACHE_CREATION = Name.of("cache_creation_input_tokens");
    private static final long REASONING = Name.of("reasoning_tokens");
    private static final long THINKING = Name.of("thinking_tokens");

    private long input = -1;
    private long output = -1;
    private long cacheRead = -1;
    private long cacheWrite = -1;
    private long reasoning = -1;

    void clear() {
        input = -1;
        output = -1;
        cacheRead = -1;
        cacheWrite = -1;
        reasoning = -1;
    }

    /** Notes a figure of the usage object itself. */
    void total(long name, long value) {
        if (name == PROMPT || name == INPUT) {
            input = value;
        } else if (name == COMPLETION || name == OUTPUT) {
            output = value;
        } else if (name == CACHE_READ) {
            cacheRead = value;
        } else if (name == CACHE_CREATION) {
            cacheWrite = value;
        }
    }

    /** Notes a figure of one of the objects that break a total down. */
    void detail(long name, long value) {
        if (name == CACHED) {
            cacheRead = value;
        } else if (name == CACHE_WRITE) {
            cacheWrite = value;
        } else if (name == REASONING || name == THINKING) {
            reasoning = value;
        }
    }

    /** Overwrites what {@code other} knows, and leaves the rest. */
    void merge(TokenFigures other) {
        input = other.input < 0 ? input : other.input;
        output = other.output < 0 ? output : other.output;
        cacheRead = other.cacheRead < 0 ? cacheRead : other.cacheRead;
        cacheWrite = other.cacheWrite < 0 ? cacheWrite : other.cacheWrite;
        reasoning = other.reasoning < 0 ? reasoning : other.reasoning;
    }

    boolean known() {
        return input >= 0 || output >= 0 || cacheRead >= 0 || cacheWrite >= 0 || reasoning >= 0;
    }

    Usage toUsage() {
        return known() ? new Usage(input, output, cacheRead, cacheWrite, reasoning) : null;
    }
}
