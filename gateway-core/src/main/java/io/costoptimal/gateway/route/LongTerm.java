package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/** A term that is a 64-bit integer. Arithmetic wraps around and division truncates, as Aviator's does. */
sealed interface LongTerm extends Term {

    /**
     * The number.
     *
     * @param count what to take for the token count
     * @throws RuleFault on a division by zero
     */
    long value(RoutingFacts facts, TokenSource tokens, long count);

    /**
     * A bound on the absolute value of this term and of every term inside it, for any token count up to
     * {@link TokenSource#high}. If the bound is below {@link Operands#SAFE}, no arithmetic in the term wraps around.
     */
    double magnitude(RoutingFacts facts, TokenSource tokens);

    record Literal(long number) implements LongTerm {
        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            return number;
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return Math.abs((double) number);
        }
    }

    /** The variable {@code TokenCount}. */
    enum Count implements LongTerm {
        TOKEN_COUNT;

        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            return count;
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return tokens.high();
        }
    }

    /** The variable {@code MaxTokens}. */
    enum Budget implements LongTerm {
        MAX_TOKENS;

        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            return facts.maxTokens();
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return Math.abs((double) facts.maxTokens());
        }
    }

    /** The variables {@code Hour} and {@code Weekday}: when the request came, in UTC. */
    enum Clock implements LongTerm {
        /** 0 to 23. */
        HOUR(23) {
            @Override
            public long value(RoutingFacts facts, TokenSource tokens, long count) {
                return Math.floorMod(Math.floorDiv(facts.atMillis(), MILLIS_OF_AN_HOUR), 24);
            }
        },
        /** 1 to 7, Monday is 1. */
        WEEKDAY(7) {
            @Override
            public long value(RoutingFacts facts, TokenSource tokens, long count) {
                long days = Math.floorDiv(facts.atMillis(), 24 * MILLIS_OF_AN_HOUR);
                return Math.floorMod(days + DAYS_FROM_MONDAY_TO_1970, 7) + 1;
            }
        };

        private static final long MILLIS_OF_AN_HOUR = 3_600_000;

        /** 1970 began on a Thursday. */
        private static final long DAYS_FROM_MONDAY_TO_1970 = 3;

        private final long most;

        Clock(long most) {
            this.most = most;
        }

        /** Every value is at least 0 and at most this. */
        long most() {
            return most;
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return most;
        }
    }

    /** {@code string.length}, in UTF-16 units; 0 for nil. */
    record Length(Text text) implements LongTerm {
        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            String whole = text.value(facts, tokens);
            return whole == null ? 0 : whole.length();
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return Integer.MAX_VALUE;
        }
    }

    /** {@code len}, in code points, as Go counts; 0 for nil. */
    record CodePoints(Text text) implements LongTerm {
        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            String whole = text.value(facts, tokens);
            return whole == null ? 0 : whole.codePointCount(0, whole.length());
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return Integer.MAX_VALUE;
        }
    }

    record Negated(LongTerm term) implements LongTerm {
        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            return -term.value(facts, tokens, count);
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return term.magnitude(facts, tokens);
        }
    }

    record Arithmetic(Operator operator, LongTerm left, LongTerm right) implements LongTerm {

        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            long a = left.value(facts, tokens, count);
            long b = right.value(facts, tokens, count);
            return switch (operator) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                case DIVIDE -> a / divisor(b);
                case REMAINDER -> a % divisor(b);
                default -> throw new IllegalStateException(operator.name());
            };
        }

        private static long divisor(long b) {
            if (b == 0) {
                throw new RuleFault("division by zero");
            }
            return b;
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            double a = left.magnitude(facts, tokens);
            double b = right.magnitude(facts, tokens);
            return switch (operator) {
                case ADD, SUBTRACT -> a + b;
                case MULTIPLY -> Math.max(a, 1) * Math.max(b, 1);
                default -> Math.max(a, b);
            };
        }
    }

    record Choice(Condition condition, LongTerm yes, LongTerm no) implements LongTerm {
        @Override
        public long value(RoutingFacts facts, TokenSource tokens, long count) {
            return (condition.test(facts, tokens) == Verdict.TRUE ? yes : no).value(facts, tokens, count);
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return Math.max(yes.magnitude(facts, tokens), no.magnitude(facts, tokens));
        }
    }
}
