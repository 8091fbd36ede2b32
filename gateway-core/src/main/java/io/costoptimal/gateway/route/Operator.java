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
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
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
