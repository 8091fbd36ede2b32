package io.costoptimal.gateway.route;

/** How a number changes as the token count grows. What rises or falls takes its extremes at the ends of an interval. */
enum Direction {
    STEADY,
    RISES,
    FALLS,
    UNCLEAR;

    static Direction of(Syntax number) {
        if (!number.usesTokens()) {
            return STEADY;
        }
        if (number instanceof Syntax.Name) {
            return RISES;
        }
        if (number instanceof Syntax.Unary unary && unary.operator() == Operator.NEGATE) {
            return of(unary.operand()).reversed();
        }
        if (number instanceof Syntax.Call call && call.isCost()) {
            // Where it does not rise, because a tier for long requests is cheaper, the term says so when it is
            // evaluated.
            return RISES;
        }
        return number instanceof Syntax.Binary binary ? of(binary) : UNCLEAR;
    }

    private static Direction of(Syntax.Binary binary) {
        Direction left = of(binary.left());
        Direction right = of(binary.right());
        return switch (binary.operator()) {
            case ADD -> left.plus(right);
            case SUBTRACT -> left.plus(right.reversed());
            case MULTIPLY -> left == STEADY ? right.times(binary.left()) : left.times(binary.right());
            case DIVIDE, QUOTIENT -> left.times(binary.right());
            default -> UNCLEAR;
        };
    }

    Direction reversed() {
        return switch (this) {
            case RISES -> FALLS;
            case FALLS -> RISES;
            default -> this;
        };
    }

    Direction plus(Direction other) {
        if (this == STEADY) {
            return other;
        }
        return other == STEADY || other == this ? this : UNCLEAR;
    }

    /** Multiplied or divided by {@code factor}, whose sign is known only when it is a literal. */
    private Direction times(Syntax factor) {
        if (factor instanceof Syntax.Literal literal && literal.value() instanceof Number number) {
            double sign = Math.signum(number.doubleValue());
            return sign > 0 ? this : sign < 0 ? reversed() : UNCLEAR;
        }
        return UNCLEAR;
    }
}
