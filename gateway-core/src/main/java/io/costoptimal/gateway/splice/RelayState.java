package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;

/** What a {@link Relay} waits for. */
enum RelayState {
    /** A connection to the present candidate. */
    LEASING,
    /** The first byte of its answer; the request is on its way. */
    WAITING,
    /** The rest of its head. */
    HEAD,
    /** The body of an error answer, before it is decided whether somebody else is asked; the client has nothing yet. */
    ERROR,
    /** The rest of its body; the client has the head. */
    BODY,
    /** An exchange. */
    DONE;

    /** How far an attempt has come that ends in this state. */
    Phase phase() {
        return switch (this) {
            case LEASING -> Phase.LEASE;
            case WAITING -> Phase.FIRST_BYTE;
            case ERROR -> Phase.STATUS;
            default -> Phase.HEAD;
        };
    }

    /**
     * Whether a relay in this state may move to {@code to}. Back to {@link #LEASING} is failover; to {@link #BODY} from
     * before a head is the kept answer of an earlier candidate.
     */
    boolean mayMoveTo(RelayState to) {
        return switch (this) {
            case LEASING -> to == LEASING || to == WAITING || to == BODY || to == DONE;
            case WAITING -> to == HEAD || to == LEASING || to == BODY || to == DONE;
            case HEAD -> to == BODY || to == ERROR || to == LEASING || to == DONE;
            case ERROR -> to == BODY || to == LEASING || to == DONE;
            case BODY -> to == DONE;
            case DONE -> to == LEASING;
        };
    }
}
