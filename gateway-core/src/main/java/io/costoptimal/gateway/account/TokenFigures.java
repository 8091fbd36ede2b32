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

    /**
     * Takes in what a later event of the same answer says. Events repeat figures, and some providers repeat them as zeros.
     *
     * <p>Input, cached and written belong together: they are the last event's that has a cache counter above zero; without
     * any such event, the last one's with an input above zero. Another event only adds what was not said at all. Output is
     * a running total, so the largest is the last.
     *
     * @param later unchanged
     */
    void add(TokenFigures later) {
        boolean wins = later.weight() >= weight();
        input = either(input, later.input, wins);
        cacheRead = either(cacheRead, later.cacheRead, wins);
        cacheWrite = either(cacheWrite, later.cacheWrite, wins);
        output = Math.max(output, later.output);
        reasoning = Math.max(reasoning, later.reasoning);
    }

    /** How much input, cached and written are worth: more than zeros is an input, and more than that a cache counter. */
    private int weight() {
        return cacheRead > 0 || cacheWrite > 0 ? 2 : input > 0 ? 1 : 0;
    }

    private static long either(long former, long later, boolean laterWins) {
        return later >= 0 && (laterWins || former < 0) ? later : former;
    }

    boolean known() {
        return input >= 0 || output >= 0 || cacheRead >= 0 || cacheWrite >= 0 || reasoning >= 0;
    }

    Usage toUsage() {
        return known() ? new Usage(input, output, cacheRead, cacheWrite, reasoning) : null;
    }
}
