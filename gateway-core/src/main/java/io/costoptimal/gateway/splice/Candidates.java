package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is: the candidates of one decision in their order, and which failures may be followed by another request.
 * Confined to one loop. No request is sent a second time unless a method here said that it may be.
 */
final class Candidates {

    /** A close that is read within this time of sending is taken for one that was under way before. */
    private static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Decision decision;
    private final Prices prices;
    private int next;
    /** The largest context window, in tokens, that turned out to be too small; -1 when none did. */
    private long outgrown = -1;
    /** Whether the request cannot be sent again. */
    private boolean bound;

    /**
     * @param decision has at least one candidate
     * @param prices know the candidates' context windows; asked only once one of them was too small
     */
    Candidates(Decision decision, Prices prices) {
        this.decision = decision;
        this.prices = prices;
    }

    /** A part of the request is not held any more: nobody is asked after the present candidate. */
    void bind() {
        bound = true;
    }

    /** The first, then the one after; there must be one. */
    Candidate take() {
        return decision.candidates().get(next++);
    }

    /**
     * The candidate that was taken last says that the request is longer than its context window. Nobody is asked any more
     * whose window is known to be no larger.
     */
    void outgrew(Candidate candidate) {
        outgrown = Math.max(outgrown, window(candidate));
    }

    /** In tokens; -1 when it is not known. */
    private long window(Candidate candidate) {
        Price price = prices.of(candidate.provider(), decision.nameFor(candidate));
        return price == null ? -1 : price.contextWindow();
    }

    /**
     * What it means that a connection closed before a byte of an answer.
     *
     * @param kept whether the connection had served an earlier request, so that it may have been closing already
     * @param connectNanos how long its TCP connect took: about a round trip
     * @param sinceSentNanos from the write of the request to the close, or 0 when no byte of it left
     */
    Kind closedSilently(boolean kept, long connectNanos, long sinceSentNanos) {
        boolean soon = sinceSentNanos <= Math.max(STALE_NANOS, 2 * connectNanos);
        if (kept && soon && !bound && decision.retryOn().connectError()) {
            return Kind.STALE_CONNECTION;
        }
        return sinceSentNanos == 0 ? Kind.CONNECT_ERROR : Kind.NO_ANSWER;
    }

    /** Whether an attempt that failed so is followed by one with another candidate. */
    boolean mayMoveOn(UpstreamFailure failure, int status) {
        if (!hasNext()) {
            return false;
        }
        RetryOn policy = decision.retryOn();
        return switch (failure.kind()) {
            case CONNECT_ERROR, NO_CREDENTIAL -> policy.connectError();
            case NO_ANSWER -> policy.noAnswer();
            case TIMEOUT -> policy.timeout() || failure.beforeConnected() && policy.connectError();
            case STATUS, CREDENTIAL_REFUSED -> policy.status(status);
            case STALE_CONNECTION, CUT_OFF -> false;
        };
    }

    /** What becomes of an answer. */
    enum Verdict {
        /** It is the client's. */
        RELAY,
        /** It is an error: its body decides whether it is the client's, or kept while somebody else is asked. */
        LOOK,
        /** No API answers so, and the client must not see it: a redirect would have it carry its key elsewhere. */
        UNUSABLE,
        /** The provider refused the gateway's own credential. */
        REFUSED
    }

    /**
     * Judges an answer by its head.
     *
     * @param status 200 or more
     * @param ours whether the provider was sent the gateway's own credential
     * @param kept whether an earlier answer was kept, which may be better
     */
    Verdict verdict(int status, String method, boolean ours, boolean kept) {
        if (status < 300 || status == 304 && !method.equals("POST")) {
            return Verdict.RELAY;
        }
        if (status < 400) {
            return Verdict.UNUSABLE;
        }
        if (ours && CredentialRefusal.says(status)) {
            return Verdict.REFUSED;
        }
        if (!ours && (status == 401 || status == 403)) {
            // About a credential of the client's own: it must know, and nobody else's account is to pay for it.
            return Verdict.RELAY;
        }
        boolean look = kept || ours && CredentialRefusal.maySay(status);
        return look || hasNext() && decision.retryOn().status(status) ? Verdict.LOOK : Verdict.RELAY;
    }

    private boolean hasNext() {
        if (bound) {
            return false;
        }
        while (next < decision.candidates().size()
                && isTooSmall(decision.candidates().get(next))) {
            next++;
        }
        return next < decision.candidates().size();
    }

    private boolean isTooSmall(Candidate candidate) {
        if (outgrown < 0) {
            return false;
        }
        long window = window(candidate);
        return window >= 0 && window <= outgrown;
    }
}
