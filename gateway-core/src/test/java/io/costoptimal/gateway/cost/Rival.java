package io.costoptimal.gateway.cost;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * A candidate as brute force sees it: every price named, every cost in numbers without an end. Shares no arithmetic with the
 * code that is tested.
 *
 * @param prices by tier, then {@link #INPUTS} and after them output and reasoning, in nano-dollars per million
 * @param above by tier, the first -1
 * @param limits window and largest output, -1 where unknown
 * @param names catalogue model and tokenizer, {@code null} where unknown
 */
record Rival(long[][] prices, long[] above, long fee, long[] limits, String[] names) {

    /** Uncached, cached, written, written for an hour. */
    static final int INPUTS = 4;

    static final int OUTPUT = 4;
    static final int REASONING = 5;

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    /** In millionths of a nano-dollar. */
    BigInteger cost(long[] inputs, long text, long reasoning) {
        BigInteger sum = BigInteger.ZERO;
        long[] tier = tier(Arrays.stream(inputs).sum());
        for (int i = 0; i < INPUTS; i++) {
            sum = sum.add(product(inputs[i], tier[i]));
        }
        return sum.add(output(tier, text, reasoning));
    }

    /** The same with all the input in one class. */
    BigInteger cost(long input, int in, long text, long reasoning) {
        long[] tier = tier(input);
        return product(input, tier[in]).add(output(tier, text, reasoning));
    }

    private BigInteger output(long[] tier, long text, long reasoning) {
        return product(text, tier[OUTPUT])
                .add(product(reasoning, tier[REASONING]))
                .add(product(fee, 1_000_000));
    }

    /** In whole nano-dollars, rounded half up. */
    static BigInteger rounded(BigInteger cost) {
        return cost.add(BigInteger.valueOf(500_000)).divide(MILLION);
    }

    BigInteger expected(long input, int share, long output) {
        long[] tier = tier(input);
        BigInteger price = product(1000 - share, tier[0])
                .add(product(share, tier[1]))
                .add(BigInteger.valueOf(500))
                .divide(BigInteger.valueOf(1000));
        return price.multiply(BigInteger.valueOf(input))
                .add(product(output, tier[OUTPUT]))
                .add(product(fee, 1_000_000));
    }

    long[] tier(long input) {
        int tier = 0;
        for (int i = 1; i < above.length; i++) {
            tier = input > above[i] ? i : tier;
        }
        return prices[tier];
    }

    long window() {
        return limits[0];
    }

    long maxOutput() {
        return limits[1];
    }

    String model() {
        return names[0];
    }

    String tokenizer() {
        return names[1];
    }

    ModelPrice price() {
        ModelPriceBuilder builder = ModelPrice.builder()
                .model(model())
                .tokenizer(tokenizer())
                .fee(fee)
                .window(window())
                .maxOutput(maxOutput());
        TokenClass[] classes = {
            TokenClass.INPUT,
            TokenClass.CACHED_INPUT,
            TokenClass.CACHE_WRITE,
            TokenClass.CACHE_WRITE_1H,
            TokenClass.OUTPUT,
            TokenClass.REASONING
        };
        for (int tier = 0; tier < above.length; tier++) {
            if (tier > 0) {
                builder.above(above[tier]);
            }
            for (int i = 0; i < classes.length; i++) {
                builder.price(classes[i], prices[tier][i]);
            }
        }
        return builder.build();
    }

    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }
}
