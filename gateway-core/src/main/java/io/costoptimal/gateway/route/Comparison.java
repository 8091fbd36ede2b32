package io.costoptimal.gateway.route;

import static io.costoptimal.gateway.route.Verdict.FALSE;
import static io.costoptimal.gateway.route.Verdict.TRUE;
import static io.costoptimal.gateway.route.Verdict.UNKNOWN;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.List;

/** Comparisons of numbers, told apart by what they need to know of the token count. */
sealed interface Comparison extends Condition {

    /**
     * A comparison evaluated once. Either it does not depend on the token count, or a {@link Condition.Counted} around it
     * makes sure that the count is exact.
     */
    record Exact(Operator operator, Operands operands) implements Comparison {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            return Verdict.of(operator.holds(operands.compare(facts, tokens, tokens.low())));
        }
    }

    /** The last token count for which a comparison comes out as for the fewest; it changes once within the bounds. */
    private static long lastAsForFewest(Operator operator, Operands operands, RoutingFacts facts, TokenSource tokens) {
        boolean forFewest = operator.holds(operands.compare(facts, tokens, tokens.low()));
        long same = tokens.low();
        long other = tokens.high();
        while (other - same > 1) {
            long middle = same + (other - same) / 2;
            if (operator.holds(operands.compare(facts, tokens, middle)) == forFewest) {
                same = middle;
            } else {
                other = middle;
            }
        }
        return same;
    }

    /** {@code TokenCount} compared with a number that does not depend on the token count. */
    record Limit(Operator operator, LongTerm limit) implements Comparison {

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            long bound = limit.value(facts, tokens, 0);
            return switch (operator) {
                case GT -> above(tokens, bound);
                case LE -> above(tokens, bound).negated();
                case GE -> below(tokens, bound).negated();
                case LT -> below(tokens, bound);
                case EQ -> equal(tokens, bound);
                default -> equal(tokens, bound).negated();
            };
        }

        private static Verdict above(TokenSource tokens, long bound) {
            return tokens.low() > bound ? TRUE : tokens.high() <= bound ? FALSE : UNKNOWN;
        }

        private static Verdict below(TokenSource tokens, long bound) {
            return tokens.high() < bound ? TRUE : tokens.low() >= bound ? FALSE : UNKNOWN;
        }

        private static Verdict equal(TokenSource tokens, long bound) {
            if (bound < tokens.low() || bound > tokens.high()) {
                return FALSE;
            }
            return tokens.low() == tokens.high() ? TRUE : UNKNOWN;
        }

        @Override
        public long countNeeded(RoutingFacts facts, TokenSource tokens) {
            long bound = limit.value(facts, tokens, 0);
            return operator == Operator.GE || operator == Operator.LT ? bound - 1 : bound;
        }
    }

    /**
     * A comparison whose sides move apart or together in one direction as the token count grows. If it comes out the same
     * at both ends of the count's interval, it comes out so everywhere between.
     */
    record Monotone(Operator operator, Operands operands) implements Comparison {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            int atLow = operands.compare(facts, tokens, tokens.low());
            boolean holds = operator.holds(atLow);
            if (tokens.low() == tokens.high()) {
                return Verdict.of(holds);
            }
            int atHigh = operands.compare(facts, tokens, tokens.high());
            boolean same = Integer.signum(atLow) == Integer.signum(atHigh)
                    || operator.comparesOrder() && holds == operator.holds(atHigh);
            return same && operands.regular(facts, tokens) ? Verdict.of(holds) : UNKNOWN;
        }

        /** Up to the last token count for which the comparison comes out as for the lowest one. */
        @Override
        public long countNeeded(RoutingFacts facts, TokenSource tokens) {
            if (!operator.comparesOrder() || !operands.regular(facts, tokens)) {
                return Long.MAX_VALUE;
            }
            return lastAsForFewest(operator, operands, facts, tokens);
        }
    }

    /**
     * A comparison of sums in which each token more has the same price on both sides, as long as no tier of a price begins
     * in between. What is greater at both ends of the count's interval is greater everywhere between.
     *
     * @param costs whatever of the two sums is the cost of a candidate
     */
    record Linear(Operator operator, Operands.Doubles operands, List<PriceTerm.Cost> costs) implements Comparison {

        /** Differences that are smaller than this part of the numbers may be rounding. */
        private static final double CLEAR = 1e-9;

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            int atLow = operands.compare(facts, tokens, tokens.low());
            if (tokens.low() == tokens.high()) {
                return Verdict.of(operator.holds(atLow));
            }
            boolean same = Integer.signum(atLow) == Integer.signum(operands.compare(facts, tokens, tokens.high()))
                    && isClear(facts, tokens, tokens.low())
                    && isClear(facts, tokens, tokens.high());
            return same && isLinear(facts, tokens) && operands.regular(facts, tokens)
                    ? Verdict.of(operator.holds(atLow))
                    : UNKNOWN;
        }

        /** As of a monotone one, where each token more costs the same. */
        @Override
        public long countNeeded(RoutingFacts facts, TokenSource tokens) {
            boolean bends = !isLinear(facts, tokens) || !operands.regular(facts, tokens);
            return bends || !operator.comparesOrder()
                    ? Long.MAX_VALUE
                    : lastAsForFewest(operator, operands, facts, tokens);
        }

        private boolean isClear(RoutingFacts facts, TokenSource tokens, long count) {
            double left = operands.left().value(facts, tokens, count);
            double right = operands.right().value(facts, tokens, count);
            return Math.abs(left - right) > CLEAR * Math.max(Math.abs(left), Math.abs(right));
        }

        private boolean isLinear(RoutingFacts facts, TokenSource tokens) {
            for (int i = 0; i < costs.size(); i++) {
                if (!costs.get(i).offer().isLinear(facts, tokens.low(), tokens.high())) {
                    return false;
                }
            }
            return true;
        }
    }
}
