package io.costoptimal.gateway.exchange;

/**
 * How many tokens one request has, as far as that is known. Bounds only ever tighten. One thread at a time.
 *
 * <p>Rules ask the bounds first; only a comparison the bounds leave open causes {@link #countPast}.
 */
public interface TokenSource {

    /** The count is at least this. */
    long low();

    /** The count is at most this; equal to {@link #low()} once it is known exactly. */
    long high();

    /**
     * Counts until the count is known exactly or proven to be greater than {@code limit}. Slow: never on an event loop
     * unless the source is known to be cheap.
     *
     * @return false when this source has bounds only, which then stay as they were
     */
    boolean countPast(long limit);

    /** Whether any text was given to a tokenizer. */
    boolean counted();

    /** The name of the encoding that is counted in, such as {@code o200k_base}; {@code null} when it is not known. */
    default String encoding() {
        return null;
    }

    /**
     * Whether the bounds are only taken for true, because there is no time to count: rules are to be decided by them, and
     * nothing is proven.
     */
    default boolean assumed() {
        return false;
    }

    /** A count that is taken for true though nobody counted. */
    static TokenSource assuming(long count) {
        return new AssumedTokens(count);
    }

    /** Bounds that cannot be tightened: what an event loop routes by before it decides to count. */
    static TokenSource bounds(long low, long high) {
        return new TokenBounds(low, high);
    }
}
