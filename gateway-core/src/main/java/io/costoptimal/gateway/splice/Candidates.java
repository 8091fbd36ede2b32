package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.UpstreamFailure.Retry;

/** Whose turn it is: the candidates of one decision in their order, and what may move on to the next. Confined to one loop. */
final class Candidates {

    private final Decision decision;
    private int next;

    /** @param decision has at least one candidate */
    Candidates(Decision decision) {
        this.decision = decision;
    }

    /** The first, then the one after; there must be one. */
    Candidate take() {
        return decision.candidates().get(next++);
    }

    /** Whether an attempt that failed so is followed by one with another candidate. */
    boolean mayMoveOn(Retry retry) {
        if (!hasNext()) {
            return false;
        }
        return switch (retry) {
            case CONNECT_ERROR -> decision.retryOn().connectError();
            case TIMEOUT -> decision.retryOn().timeout();
            case STATUS -> true;
            case FRESH_CONNECTION, NEVER -> false;
        };
    }

    /** Whether an answer with {@code status} is dropped because somebody else may give a better one. */
    boolean mayDrop(int status) {
        return hasNext() && decision.retryOn().status(status);
    }

    private boolean hasNext() {
        return next < decision.candidates().size();
    }
}
