package io.costoptimal.gateway.route;

/** An expression is refused. The message says why; line and column say where in the expression. */
public final class RuleException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    RuleException(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    /** Line within the expression, from 1. */
    public int line() {
        return line;
    }

    /** Column within that line, from 1, in UTF-16 units. */
    public int column() {
        return column;
    }
}
