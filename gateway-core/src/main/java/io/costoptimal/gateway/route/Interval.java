package io.costoptimal.gateway.route;

/**
 * Between which numbers a term lies, whatever the request. Doubles are exact for what is found here: whatever grows beyond
 * 2^53 is {@link #ANY}, since 64-bit integers may wrap around there.
 *
 * @param low at least this
 * @param high at most this
 */
record Interval(double low, double high) {

    static final Interval ANY = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** More tokens than any body can have that the gateway holds. */
    static final double MOST_TOKENS = 1e12;

    private static final double EXACT = 1L << 53;

    static Interval of(LongTerm term) {
        if (term instanceof LongTerm.Literal literal) {
            return point(literal.number());
        }
        if (term == LongTerm.Count.TOKEN_COUNT) {
            return new Interval(0, MOST_TOKENS);
        }
        if (term == LongTerm.Budget.MAX_TOKENS) {
            return new Interval(-1, Double.POSITIVE_INFINITY);
        }
        if (term instanceof LongTerm.Clock clock) {
            return new Interval(clock == LongTerm.Clock.HOUR ? 0 : 1, clock.most());
        }
        if (term instanceof LongTerm.Length || term instanceof LongTerm.CodePoints) {
            return new Interval(0, Integer.MAX_VALUE);
        }
        if (term instanceof LongTerm.Negated negated) {
            return of(negated.term()).negated();
        }
        return term instanceof LongTerm.Arithmetic arithmetic
                ? of(arithmetic.operator(), of(arithmetic.left()), of(arithmetic.right()))
                : ANY;
    }

    static Interval of(DoubleTerm term) {
        if (term instanceof DoubleTerm.Literal literal) {
            return point(literal.number());
        }
        if (term instanceof DoubleTerm.Widened widened) {
            return of(widened.term());
        }
        if (term instanceof DoubleTerm.Negated negated) {
            return of(negated.term()).negated();
        }
        return term instanceof DoubleTerm.Arithmetic arithmetic
                ? of(arithmetic.operator(), of(arithmetic.left()), of(arithmetic.right()))
                : ANY;
    }

    private static Interval of(Operator operator, Interval left, Interval right) {
        Interval result = switch (operator) {
            case ADD -> new Interval(left.low + right.low, left.high + right.high);
            case SUBTRACT -> new Interval(left.low - right.high, left.high - right.low);
            case MULTIPLY -> product(left, right);
            default -> ANY;
        };
        boolean exact = Math.abs(result.low) <= EXACT && Math.abs(result.high) <= EXACT;
        return exact ? result : ANY;
    }

    private static Interval product(Interval left, Interval right) {
        double a = left.low * right.low;
        double b = left.low * right.high;
        double c = left.high * right.low;
        double d = left.high * right.high;
        double low = Math.min(Math.min(a, b), Math.min(c, d));
        double high = Math.max(Math.max(a, b), Math.max(c, d));
        return Double.isNaN(low) ? ANY : new Interval(low, high);
    }

    private static Interval point(double number) {
        return Math.abs(number) <= EXACT ? new Interval(number, number) : ANY;
    }

    boolean mayEndAtZero() {
        return low == 0 || high == 0;
    }

    private Interval negated() {
        return new Interval(-high, -low);
    }

    /** Whether {@code left operator right} holds for all numbers of the intervals, for none, or for some. */
    static Verdict compare(Operator operator, Interval left, Interval right) {
        return switch (operator) {
            case GT -> above(left, right);
            case LE -> above(left, right).negated();
            case LT -> above(right, left);
            case GE -> above(right, left).negated();
            case EQ -> equal(left, right);
            default -> equal(left, right).negated();
        };
    }

    private static Verdict above(Interval left, Interval right) {
        return left.low > right.high ? Verdict.TRUE : left.high <= right.low ? Verdict.FALSE : Verdict.UNKNOWN;
    }

    private static Verdict equal(Interval left, Interval right) {
        if (left.low > right.high || left.high < right.low) {
            return Verdict.FALSE;
        }
        boolean points = left.low == left.high && right.low == right.high;
        return points ? Verdict.TRUE : Verdict.UNKNOWN;
    }
}
