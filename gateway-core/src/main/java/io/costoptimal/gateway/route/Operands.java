package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/** The two numbers of a comparison, of one type. */
sealed interface Operands {

    /** Below this no sum of two 64-bit integers wraps around. */
    double SAFE = 1L << 62;

    /**
     * Compares the sides.
     *
     * @param count the token count to assume
     * @return negative, 0 or positive as the left side is less than, equal to or greater than the right
     */
    int compare(RoutingFacts facts, TokenSource tokens, long count);

    /**
     * Whether both sides are free of wrap-around, infinities and NaN for every token count between the source's bounds, so
     * that the ends of the interval say something about what lies between.
     */
    boolean regular(RoutingFacts facts, TokenSource tokens);

    record Longs(LongTerm left, LongTerm right) implements Operands {

        @Override
        public int compare(RoutingFacts facts, TokenSource tokens, long count) {
            return Long.compare(left.value(facts, tokens, count), right.value(facts, tokens, count));
        }

        @Override
        public boolean regular(RoutingFacts facts, TokenSource tokens) {
            return left.magnitude(facts, tokens) < SAFE && right.magnitude(facts, tokens) < SAFE;
        }
    }

    /** Compared by {@link Double#compare}, as Aviator does: a zero has a sign, and NaN is the greatest. */
    record Doubles(DoubleTerm left, DoubleTerm right) implements Operands {

        @Override
        public int compare(RoutingFacts facts, TokenSource tokens, long count) {
            return Double.compare(left.value(facts, tokens, count), right.value(facts, tokens, count));
        }

        @Override
        public boolean regular(RoutingFacts facts, TokenSource tokens) {
            return regular(left, facts, tokens) && regular(right, facts, tokens);
        }

        private static boolean regular(DoubleTerm side, RoutingFacts facts, TokenSource tokens) {
            return side.magnitude(facts, tokens) < SAFE
                    && Double.isFinite(side.value(facts, tokens, tokens.low()))
                    && Double.isFinite(side.value(facts, tokens, tokens.high()));
        }
    }
}
