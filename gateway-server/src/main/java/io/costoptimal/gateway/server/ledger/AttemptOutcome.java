package io.costoptimal.gateway.server.ledger;

import java.util.Locale;

/** How an attempt ended. Exactly one per attempt. */
public enum AttemptOutcome {
    /** An answer below 400 was relayed to its end. */
    COMPLETED,
    /** No usable answer came, or one of 400 or more, whether or not the client got it. */
    FAILED,
    /** The answer broke off after bytes of it had reached the client. */
    CUT,
    /** The client left first. */
    CANCELLED,
    /** The gateway ended it: a shutdown, or a defect. */
    ABORTED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As rows have it. */
    public String word() {
        return word;
    }
}
