package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/**
 * A term that is a double: whatever has a number with a fraction in it. Faults where a price is asked for that nobody knows.
 *
 * <p>Its records are like those of {@link LongTerm}, and not shared with them: a type parameter would box every number.
 */
sealed interface DoubleTerm extends Term
        permits DoubleTerm.Literal,
                DoubleTerm.Widened,
                DoubleTerm.Negated,
                DoubleTerm.Arithmetic,
                DoubleTerm.Choice,
                PriceTerm {

    /**
     * The number.
     *
     * @param count what to take for the token count
     */
    double value(RoutingFacts facts, TokenSource tokens, long count);

    /** The largest {@link LongTerm#magnitude} of the integer terms inside this term. */
    double magnitude(RoutingFacts facts, TokenSource tokens);

    record Literal(double number) implements DoubleTerm {
        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            return number;
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return 0;
        }
    }

    record Widened(LongTerm term) implements DoubleTerm {
        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            return term.value(facts, tokens, count);
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return term.magnitude(facts, tokens);
        }
    }

    record Negated(DoubleTerm term) implements DoubleTerm {
        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            return -term.value(facts, tokens, count);
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return term.magnitude(facts, tokens);
        }
    }

    record Arithmetic(Operator operator, DoubleTerm left, DoubleTerm right) implements DoubleTerm {

        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            double a = left.value(facts, tokens, count);
            double b = right.value(facts, tokens, count);
            return switch (operator) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                case DIVIDE -> a / b;
                case REMAINDER -> a % b;
                default -> throw new IllegalStateException(operator.name());
            };
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return Math.max(left.magnitude(facts, tokens), right.magnitude(facts, tokens));
        }
    }

    record Choice(Condition condition, DoubleTerm yes, DoubleTerm no) implements DoubleTerm {
        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            return (condition.test(facts, tokens) == Verdict.TRUE ? yes : no).value(facts, tokens, count);
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return Math.max(yes.magnitude(facts, tokens), no.magnitude(facts, tokens));
        }
    }
}
