package io.costoptimal.gateway.cost;

/**
 * The kinds of tokens that providers charge differently. A token is of one class only: text in the cache is not
 * {@link #INPUT}, and reasoning is charged as {@link #REASONING} alone, though usage reports it as a part of the output.
 */
public enum TokenClass {
    /** Input that was neither read from a cache nor written into one. */
    INPUT,
    /** Input read from the provider's cache. */
    CACHED_INPUT,
    /** Input written into the provider's cache for five minutes. */
    CACHE_WRITE,
    /** Input written into the provider's cache for an hour. */
    CACHE_WRITE_1H,
    /** Sound that was sent. */
    AUDIO_INPUT,
    /** Output that is neither reasoning nor sound. */
    OUTPUT,
    /** What a model wrote for itself. */
    REASONING,
    /** Sound that came back. */
    AUDIO_OUTPUT;

    /** The class whose price this one follows where it has none: {@link #INPUT} or {@link #OUTPUT}. */
    TokenClass base() {
        return ordinal() < OUTPUT.ordinal() ? INPUT : OUTPUT;
    }

    /** Whether a table that does not name this class knows no price of it. */
    boolean hasNoSubstitute() {
        return this == AUDIO_INPUT || this == AUDIO_OUTPUT;
    }
}
