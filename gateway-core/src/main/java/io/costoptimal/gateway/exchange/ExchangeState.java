package io.costoptimal.gateway.exchange;

/** How far an exchange has come. Each names what has happened, in the order of the stages. */
public enum ExchangeState {
    /** The head was decoded and its framing is sound. */
    ACCEPTED,
    /** The key is known (or none is needed). */
    AUTHENTICATED,
    /** The body was read to its end and understood; or so much of it as is needed, if it goes on while it arrives. */
    INSPECTED,
    /** The candidates are known. */
    ROUTED,
    /** A candidate is being tried; may repeat. */
    ATTEMPTING,
    /** The first byte of an answer was written to the client; there is no second provider any more. */
    ANSWERING,
    /** Reported; terminal. */
    ENDED;

    /** Whether an exchange in this state may move to {@code to}. */
    public boolean mayMoveTo(ExchangeState to) {
        return switch (this) {
            case ACCEPTED -> to == AUTHENTICATED || to == ENDED;
            case AUTHENTICATED -> to == INSPECTED || to == ANSWERING || to == ENDED;
            case INSPECTED -> to == ROUTED || to == ENDED;
            case ROUTED -> to == ATTEMPTING || to == ENDED;
            case ATTEMPTING -> to == ATTEMPTING || to == ANSWERING || to == ENDED;
            case ANSWERING -> to == ENDED;
            case ENDED -> false;
        };
    }
}
