package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import java.util.List;

/** The figures of one usage object, by the names every API gives them; -1 is unknown. Confined to its scanner's thread. */
final class TokenFigures {

    private static final long PROMPT = NameHash.of("prompt_tokens");
    private static final long INPUT = NameHash.of("input_tokens");
    private static final long COMPLETION = NameHash.of("completion_tokens");
    private static final long OUTPUT = NameHash.of("output_tokens");
    private static final long TOTAL = NameHash.of("total_tokens");
    private static final long CACHED = NameHash.of("cached_tokens");
    private static final long CACHE_HIT = NameHash.of("prompt_cache_hit_tokens");
    private static final long CACHE_READ = NameHash.of("cache_read_input_tokens");
    private static final long CACHE_WRITE = NameHash.of("cache_write_tokens");
    private static final long CACHE_CREATION = NameHash.of("cache_creation_input_tokens");
    private static final long CREATED_5M = NameHash.of("ephemeral_5m_input_tokens");
    private static final long CREATED_1H = NameHash.of("ephemeral_1h_input_tokens");
    private static final long REASONING = NameHash.of("reasoning_tokens");
    private static final long THINKING = NameHash.of("thinking_tokens");
    private static final long AUDIO = NameHash.of("audio_tokens");
    private long input;
    private long cached;
    /** Written to the cache, whatever for; and, where they are told apart, for five minutes and for an hour. */
    private long written;

    private long written5m;
    private long written1h;
    private long audioInput;
    private long output;
    private long reasoning;
    private long audioOutput;
    private long total;
    /** Whether {@link #input} includes what was cached or written, by its own name, or by the names of those. */
    private boolean inputIncludesCache;

    private boolean cacheIsPartOfInput;
    /** What was said beside tokens; {@code null} when nothing was. */
    private ExtraFigures extras;

    TokenFigures() {
        clear();
    }

    void clear() {
        input = -1;
        cached = -1;
        written = -1;
        written5m = -1;
        written1h = -1;
        audioInput = -1;
        output = -1;
        reasoning = -1;
        audioOutput = -1;
        total = -1;
        inputIncludesCache = false;
        cacheIsPartOfInput = false;
        extras = null;
    }

    /** Notes a figure of the usage object itself. */
    void total(long name, long value) {
        if (name == PROMPT || name == INPUT) {
            input(name, value);
        } else if (name == COMPLETION || name == OUTPUT) {
            output = latest(output, value);
        } else if (name == TOTAL) {
            total = latest(total, value);
        } else if (name == CACHE_READ) {
            cached = latest(cached, value);
        } else if (name == CACHE_CREATION) {
            written = latest(written, value);
        } else if (name == CACHED || name == CACHE_HIT) {
            cachedOfInput(value);
        }
    }

    private void input(long name, long value) {
        if (latest(input, value) == value) {
            // Some tell the same input by both names: then it is the one that includes the cache.
            inputIncludesCache = name == PROMPT || inputIncludesCache && value == input;
            input = value;
        }
    }

    private void cachedOfInput(long value) {
        if (latest(cached, value) == value) {
            cached = value;
            cacheIsPartOfInput = true;
        }
    }

    /** Servers that speak two APIs tell a figure by the names of both, and leave the one that they do not use at 0. */
    private static long latest(long former, long value) {
        return value == 0 && former > 0 ? former : value;
    }

    /** Notes a figure of the object that breaks input down. */
    void inputDetail(long name, long value) {
        if (name == CACHED) {
            cachedOfInput(value);
        } else if (name == CACHE_WRITE) {
            if (latest(written, value) == value) {
                written = value;
                cacheIsPartOfInput = true;
            }
        } else if (name == AUDIO) {
            audioInput = latest(audioInput, value);
        }
    }

    /** Notes a figure of the object that breaks output down. */
    void outputDetail(long name, long value) {
        if (name == REASONING || name == THINKING) {
            reasoning = latest(reasoning, value);
        } else if (name == AUDIO) {
            audioOutput = latest(audioOutput, value);
        }
    }

    /** Notes a figure of the object that tells for how long something was written to the cache. */
    void cacheCreation(long name, long value) {
        if (name == CREATED_5M) {
            written5m = latest(written5m, value);
        } else if (name == CREATED_1H) {
            written1h = latest(written1h, value);
        }
    }

    /** Notes how often one of the provider's own tools was used. */
    void serverTool(long name, long times) {
        if (times > 0) {
            extras().tool(name, times);
        }
    }

    /** Notes that tokens are charged by the rate {@code name}, which is not the usual one. */
    void rate(Kind kind, long name) {
        extras().rate(kind, name);
    }

    private ExtraFigures extras() {
        if (extras == null) {
            extras = new ExtraFigures();
        }
        return extras;
    }

    /**
     * Takes in what a later event of the same answer says. Events repeat figures, and some providers repeat them as zeros.
     *
     * <p>The figures of input belong together: they are the last event's that has a cache counter above zero; without any
     * such event, the last one's with an input above zero. Another event only adds what was not said at all. Output is a
     * running total, so the largest is the last.
     *
     * @param later unchanged
     */
    void add(TokenFigures later) {
        boolean wins = later.weight() >= weight();
        if (later.input >= 0 && (wins || input < 0)) {
            input = later.input;
            inputIncludesCache = later.inputIncludesCache;
        }
        if (later.saysCache()) {
            cacheIsPartOfInput = wins || !saysCache() ? later.cacheIsPartOfInput : cacheIsPartOfInput;
        }
        cached = either(cached, later.cached, wins);
        if (later.saysWritten() && (wins || !saysWritten())) {
            written = later.written;
            written5m = later.written5m;
            written1h = later.written1h;
        }
        audioInput = either(audioInput, later.audioInput, wins);
        output = Math.max(output, later.output);
        reasoning = Math.max(reasoning, later.reasoning);
        audioOutput = Math.max(audioOutput, later.audioOutput);
        total = Math.max(total, later.total);
        if (later.extras != null) {
            extras().add(later.extras);
        }
    }

    /** How much the figures of input are worth: more than zeros is an input, and more than that a cache counter. */
    private int weight() {
        return cached > 0 || written > 0 || written5m > 0 || written1h > 0 ? 2 : input > 0 ? 1 : 0;
    }

    private boolean saysCache() {
        return cached >= 0 || saysWritten();
    }

    private boolean saysWritten() {
        return written >= 0 || written5m >= 0 || written1h >= 0;
    }

    private static long either(long former, long later, boolean laterWins) {
        return later >= 0 && (laterWins || former < 0) ? later : former;
    }

    boolean known() {
        return input >= 0 || saysCache() || output >= 0 || reasoning >= 0;
    }

    /**
     * What was said; {@code null} when nothing was.
     *
     * @param tier the service tier that the answer named beside its usage; {@link Dialect#NOTHING} for none or the usual one.
     *     One in the usage stands before it
     */
    Usage toUsage(long tier) {
        return known() ? new Usage(inputOf(), outputOf(), extrasOf(tier)) : null;
    }

    private List<Usage.Extra> extrasOf(long tier) {
        if (tier == Dialect.NOTHING) {
            return extras == null ? List.of() : extras.toList();
        }
        ExtraFigures all = new ExtraFigures();
        all.rate(Kind.SERVICE_TIER, tier);
        if (extras != null) {
            all.add(extras);
        }
        return all.toList();
    }

    private Usage.Input inputOf() {
        // The breakdown may lack a part of the total, and the total be missing.
        long shortly = Math.max(written < 0 ? -1 : Math.max(0, written - Math.max(0, written1h)), written5m);
        long uncached = input;
        if (input >= 0 && (inputIncludesCache || cacheIsPartOfInput)) {
            // Who reports more cached than input has no plain input left.
            uncached = Math.max(0, input - Math.max(0, cached) - Math.max(0, shortly) - Math.max(0, written1h));
        }
        return new Usage.Input(uncached, cached, shortly, written1h, within(audioInput, uncached));
    }

    private Usage.Output outputOf() {
        // Some providers count reasoning beside the completion, and only their total tells.
        boolean beside = reasoning > 0 && input >= 0 && output >= 0 && total == input + output + reasoning;
        long tokens = beside ? output + reasoning : output;
        return new Usage.Output(tokens, within(reasoning, tokens), within(audioOutput, tokens));
    }

    /** A part is no more than its whole, if that is known. */
    private static long within(long part, long whole) {
        return whole < 0 ? part : Math.min(part, whole);
    }
}
