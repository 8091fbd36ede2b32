package io.costoptimal.gateway.cost;

/**
 * Compares two candidates at one length of the input, exactly. Pure, without allocation.
 *
 * <p>As long as neither candidate's tier changes, every cost here is linear in the length of the input. So what holds at
 * both ends of such a stretch holds in all of it.
 */
final class Contest {

    private Contest() {}

    /**
     * Which of two comes first: the one with the lower expected cost, then with the lower highest cost, then with the lower
     * lowest cost, then with the lower prices of output, then the one listed first. So of two that are expected to cost the
     * same, one that {@link #dominates} the other and may turn out cheaper comes first.
     *
     * @return negative when {@code a} comes first; never 0 for two candidates
     */
    static int compare(Terms a, Terms b, Demand demand, long input) {
        int order = compareExpected(a, b, demand, input);
        if (order != 0) {
            return order;
        }
        int tierA = a.tier(input);
        int tierB = b.tier(input);
        order = sign(
                input,
                a.dearest(tierA) - b.dearest(tierB),
                a.mostOutput(demand),
                a.dearestOutput(tierA),
                b.mostOutput(demand),
                b.dearestOutput(tierB),
                a.fee() - b.fee());
        if (order != 0) {
            return order;
        }
        order = sign(input, a.cheapest(tierA) - b.cheapest(tierB), 0, 0, 0, 0, a.fee() - b.fee());
        if (order != 0) {
            return order;
        }
        order = sign(
                0,
                0,
                a.mostOutput(demand),
                a.output(tierA) + a.reasoning(tierA),
                b.mostOutput(demand),
                b.output(tierB) + b.reasoning(tierB),
                0);
        return order != 0 ? order : Integer.compare(a.place(), b.place());
    }

    /** Which of two has the lower expected cost: negative for {@code a}, 0 when they are expected to cost the same. */
    static int compareExpected(Terms a, Terms b, Demand demand, long input) {
        int tierA = a.tier(input);
        int tierB = b.tier(input);
        return sign(
                input,
                a.expected(tierA, demand) - b.expected(tierB, demand),
                a.expectedOutput(demand),
                a.output(tierA),
                b.expectedOutput(demand),
                b.output(tierB),
                a.fee() - b.fee());
    }

    private static int sign(
            long input, long inputPrice, long outputA, long priceA, long outputB, long priceB, long fee) {
        return Money.sign(
                fee + Money.whole(input, inputPrice, outputA, priceA, outputB, -priceB),
                Money.rest(input, inputPrice, outputA, priceA, outputB, -priceB));
    }

    /**
     * Whether {@code a} costs at most what {@code b} costs, whatever is read from a cache or written into one, and whatever
     * comes out.
     */
    static boolean dominates(Terms a, Terms b, Demand demand, long input) {
        return regret(a, b, demand, input) <= 0;
    }

    /**
     * How much more than {@code b} {@code a} may cost at most, in nano-dollars, rounded up. Negative when it always costs
     * less; {@link Long#MAX_VALUE} when nothing bounds it.
     *
     * <p>The output is the same at both if they have the same model, else each has its own. Each has its own cache.
     */
    static long regret(Terms a, Terms b, Demand demand, long input) {
        int tierA = a.tier(input);
        int tierB = b.tier(input);
        long inputPrice = a.dearest(tierA) - b.cheapest(tierB);
        long outputPrice = a.isSameModelAs(b)
                ? Math.max(a.output(tierA) - b.output(tierB), a.reasoning(tierA) - b.reasoning(tierB))
                : a.dearestOutput(tierA);
        // No output at all is one of the possibilities, and the worst when output is cheaper at a.
        long output = outputPrice > 0 ? a.mostOutput(demand) : 0;
        if (output == Money.MOST_TOKENS) {
            return Long.MAX_VALUE;
        }
        return Money.up(
                a.fee() - b.fee() + Money.whole(input, inputPrice) + Money.whole(output, outputPrice),
                Money.rest(input, inputPrice) + Money.rest(output, outputPrice));
    }
}
