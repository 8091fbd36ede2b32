package io.costoptimal.gateway.cost;

/**
 * One candidate's prices, laid out for comparison. Immutable, any thread.
 *
 * <p>By tier: what a token of input costs at most and at least, whichever of its classes it turns out to be in.
 */
final class Terms {

    private static final int ALL_CACHED = 1000;

    private final ModelPrice price;
    private final int place;
    private final int model;
    private final long largestOutput;
    private final long[] dearest;
    private final long[] cheapest;

    /**
     * @param place in the list of the configuration
     * @param model a number that candidates for the same catalogue model have in common, and only they
     * @param largestOutput the most tokens that the model puts out, wherever it runs; -1 when not known
     */
    Terms(ModelPrice price, int place, int model, long largestOutput) {
        this.price = price;
        this.place = place;
        this.model = model;
        this.largestOutput = largestOutput;
        dearest = new long[price.tiers()];
        cheapest = new long[price.tiers()];
        for (int tier = 0; tier < dearest.length; tier++) {
            long input = price.price(tier, TokenClass.INPUT);
            long cached = price.price(tier, TokenClass.CACHED_INPUT);
            long written = price.price(tier, TokenClass.CACHE_WRITE);
            long written1h = price.price(tier, TokenClass.CACHE_WRITE_1H);
            dearest[tier] = Math.max(Math.max(input, cached), Math.max(written, written1h));
            cheapest[tier] = Math.min(Math.min(input, cached), Math.min(written, written1h));
        }
    }

    int place() {
        return place;
    }

    boolean isSameModelAs(Terms other) {
        return model == other.model;
    }

    /** The most output that {@code demand} can cause; {@link Money#MOST_TOKENS} when nothing bounds it. */
    long mostOutput(Demand demand) {
        long each = demand.maximum() >= 0 ? demand.maximum() : largestOutput;
        return each < 0 ? Money.MOST_TOKENS : Money.product(demand.answers(), each);
    }

    /** The output that {@code demand} is expected to cause. */
    long expectedOutput(Demand demand) {
        long expected = demand.expectedOutput() >= 0
                ? demand.expectedOutput()
                : Money.product(demand.answers(), Demand.USUAL_OUTPUT);
        return Math.min(expected, mostOutput(demand));
    }

    /** The longest input that there is room for beside the output; {@link Long#MAX_VALUE} when that is not known. */
    long longestInput(Demand demand) {
        long window = price.contextWindow();
        return window < 0 ? Long.MAX_VALUE : window - Math.max(0, demand.maximum());
    }

    long window() {
        return price.contextWindow();
    }

    boolean isCacheCheaper() {
        return price.price(0, TokenClass.CACHED_INPUT) < price.price(0, TokenClass.INPUT);
    }

    int tier(long input) {
        return dearest.length == 1 ? 0 : price.tierOf(input);
    }

    /** The shortest input for which the same prices hold as for {@code input}. */
    long tierStart(long input) {
        return price.above(tier(input)) + 1;
    }

    long fee() {
        return price.fee();
    }

    long dearest(int tier) {
        return dearest[tier];
    }

    long cheapest(int tier) {
        return cheapest[tier];
    }

    long output(int tier) {
        return price.price(tier, TokenClass.OUTPUT);
    }

    long reasoning(int tier) {
        return price.price(tier, TokenClass.REASONING);
    }

    /** What a token of output costs at most. */
    long dearestOutput(int tier) {
        return Math.max(output(tier), reasoning(tier));
    }

    /** What a token of input is expected to cost, rounded half up to a nano-dollar per million. */
    long expected(int tier, Demand demand) {
        long input = price.price(tier, TokenClass.INPUT);
        if (demand.warm() == null || demand.warm().candidate() != place) {
            return input;
        }
        int share = demand.warm().share();
        long cached = price.price(tier, TokenClass.CACHED_INPUT);
        return (input * (ALL_CACHED - share) + cached * share + ALL_CACHED / 2) / ALL_CACHED;
    }

    /** What input from {@code low} to {@code high} tokens costs at least, in nano-dollars. */
    long lowest(long low, long high) {
        long lowest = Long.MAX_VALUE;
        long end = high;
        while (end >= low) {
            long start = Math.max(low, tierStart(end));
            lowest = Math.min(lowest, sum(start, cheapest[tier(start)], 0, 0));
            end = start - 1;
        }
        return lowest;
    }

    /** What it costs at most, in nano-dollars; {@link Long#MAX_VALUE} when nothing bounds the output. */
    long highest(Demand demand, long low, long high) {
        long highest = 0;
        long end = high;
        while (end >= low) {
            int tier = tier(end);
            long output = dearestOutput(tier) > 0 ? mostOutput(demand) : 0;
            if (output == Money.MOST_TOKENS) {
                return Long.MAX_VALUE;
            }
            highest = Math.max(highest, sum(end, dearest[tier], output, dearestOutput(tier)));
            end = tierStart(end) - 1;
        }
        return highest;
    }

    /** What it is expected to cost, in nano-dollars. */
    long expected(Demand demand, long input) {
        int tier = tier(input);
        return sum(input, expected(tier, demand), expectedOutput(demand), output(tier));
    }

    private long sum(long input, long inputPrice, long output, long outputPrice) {
        return Money.rounded(
                fee() + Money.whole(input, inputPrice) + Money.whole(output, outputPrice),
                Money.rest(input, inputPrice) + Money.rest(output, outputPrice));
    }
}
