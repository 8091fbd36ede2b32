package io.costoptimal.gateway.cost;

/**
 * Exact arithmetic with tokens and prices, in 64 bits and without allocation.
 *
 * <p>A price is nano-dollars per million tokens. The product of a count and a price does not fit into 64 bits, so it is
 * kept as two numbers: whole nano-dollars, and millionths of one. With counts up to {@link #MOST_TOKENS} and prices up to
 * {@link #HIGHEST_PRICE}, sums of eight products fit in both.
 */
final class Money {

    /** The unit of prices: so many tokens. */
    static final long MILLION = 1_000_000;

    /** A counter above this is a fault, not usage. Bounds of counts end here too. */
    static final long MOST_TOKENS = 1_000_000_000;

    /** A dollar for a token. */
    static final long HIGHEST_PRICE = 1_000_000_000_000_000L;

    private Money() {}

    /** The whole nano-dollars of {@code tokens} at {@code price}; {@link #rest} has what is missing. */
    static long whole(long tokens, long price) {
        return tokens * (price / MILLION);
    }

    /** What {@link #whole} leaves out, in millionths of a nano-dollar. */
    static long rest(long tokens, long price) {
        return tokens * (price % MILLION);
    }

    /** The sum in nano-dollars, rounded half up. {@code rest} is not negative. */
    static long rounded(long whole, long rest) {
        return whole + (rest + MILLION / 2) / MILLION;
    }

    /** The sum in nano-dollars, rounded up. Either may be negative. */
    static long up(long whole, long rest) {
        return whole - Math.floorDiv(-rest, MILLION);
    }

    /** The sign of the sum. Either may be negative. */
    static int sign(long whole, long rest) {
        long carried = whole + Math.floorDiv(rest, MILLION);
        return carried != 0 ? Long.signum(carried) : Long.signum(Math.floorMod(rest, MILLION));
    }

    /** {@code tokens} within what the arithmetic here can take; not told counts as none. */
    static long bounded(long tokens) {
        return Math.min(Math.max(tokens, 0), MOST_TOKENS);
    }

    /** The whole nano-dollars of three products, see {@link #whole(long, long)}. Prices may be differences of prices. */
    static long whole(long tokens1, long price1, long tokens2, long price2, long tokens3, long price3) {
        return whole(tokens1, price1) + whole(tokens2, price2) + whole(tokens3, price3);
    }

    /** What the sum of three products has beside, see {@link #rest(long, long)}. */
    static long rest(long tokens1, long price1, long tokens2, long price2, long tokens3, long price3) {
        return rest(tokens1, price1) + rest(tokens2, price2) + rest(tokens3, price3);
    }

    /** {@code a} x {@code b}, at most {@link #MOST_TOKENS}. Neither is negative. */
    static long product(long a, long b) {
        return a != 0 && b > MOST_TOKENS / a ? MOST_TOKENS : Math.min(MOST_TOKENS, a * b);
    }
}
