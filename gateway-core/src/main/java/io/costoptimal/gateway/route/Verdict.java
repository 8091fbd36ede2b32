package io.costoptimal.gateway.route;

/** What a condition says. The third value exists because a token count may be known only as an interval. */
public enum Verdict {
    TRUE,
    FALSE,
    /** Depends on where in its interval the token count is. */
    UNKNOWN;

    static Verdict of(boolean holds) {
        return holds ? TRUE : FALSE;
    }

    Verdict negated() {
        return switch (this) {
            case TRUE -> FALSE;
            case FALSE -> TRUE;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
