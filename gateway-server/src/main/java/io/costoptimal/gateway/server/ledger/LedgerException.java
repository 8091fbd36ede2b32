package io.costoptimal.gateway.server.ledger;

/** The store did not do what it was asked for. Whoever throws it knows, and says, what that means. */
public final class LedgerException extends Exception {

    private static final long serialVersionUID = 1;

    /** What to do about it. */
    public enum Kind {
        /** At least one of the rows can never be written; the others can. */
        ROWS,
        /** The store cannot be had now, or is full; the same may succeed later. */
        STORE,
        /** A query took longer than it may. */
        TIME_LIMIT
    }

    private final Kind kind;

    /** @param message without secrets, for logs and for whoever has asked */
    public LedgerException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
