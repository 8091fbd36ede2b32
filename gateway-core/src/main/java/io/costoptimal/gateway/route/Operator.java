package io.costoptimal.gateway.route;

/** The operators a rule may use. */
enum Operator {
    NOT("!"),
    NEGATE("-"),
    AND("&&"),
    OR("||"),
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    MATCH("=~"),
    /** Expr's: a text and a pattern in Go's syntax that is somewhere in it. */
    MATCHES("matches"),
    CONTAINS("contains"),
    STARTS_WITH("startsWith"),
    ENDS_WITH("endsWith"),
    /** The left text, or the right one where the left is nil. */
    OTHERWISE("??"),
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    /** Drops the fraction between whole numbers, as Aviator does. */
    DIVIDE("/"),
    /** Keeps the fraction always, as Expr does. */
    QUOTIENT("/"),
    REMAINDER("%");

    private final String symbol;

    Operator(String symbol) {
        this.symbol = symbol;
    }

    /** Whether a comparison holds between two values, of which {@code order} says how they compare. */
    boolean holds(int order) {
        return switch (this) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            default -> throw new IllegalStateException(name());
        };
    }

    /** The comparison that says the same with its sides exchanged. */
    Operator flipped() {
        return switch (this) {
            case LT -> GT;
            case LE -> GE;
            case GT -> LT;
            case GE -> LE;
            default -> this;
        };
    }

    boolean comparesOrder() {
        return this == LT || this == LE || this == GT || this == GE;
    }

    /** As written in an expression. */
    @Override
    public String toString() {
        return symbol;
    }
}
