package io.costoptimal.gateway.server.reconcile;

/** A file that is none of those that are understood, or is broken. */
public final class FiguresException extends Exception {

    private static final long serialVersionUID = 1;

    FiguresException(String message) {
        super(message);
    }
}
