package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;

/**
 * What a stage may do with the exchange that stands at it. Confined to the event loop of the exchange. Once the exchange is
 * over, a stage calls nothing more: {@link #next}, {@link #answer} and {@link #finish} do nothing then, while
 * {@link #refuse} and {@link #defect} end the client's connection, because an error between two exchanges is a defect.
 */
public interface Run {

    /** The client of the exchange. */
    ClientSide client();

    /** Hands the exchange on to the next stage, which may finish it before this returns. */
    void next();

    /** Answers with an error, in the words of the client's API, and finishes the exchange. */
    void refuse(Rejection rejection);

    /** Answers with a whole answer of the gateway's own, and finishes the exchange. */
    void answer(LocalAnswer answer);

    /**
     * The one end: the stage lets go ({@link Stage#over}), the exchange is ended and reported, and then the client is told by
     * {@link ClientSide#end} or {@link ClientSide#abort}.
     */
    void finish(Outcome outcome);

    /** {@code waiting} begins; its stage does nothing more now. Called by {@link Waiting} alone. */
    void await(Waiting<?> waiting);

    /** The stage goes on that waited: does {@code what}. Called by {@link Waiting} alone. */
    void resume(Runnable what);

    /** Something threw that must not: logs it, and ends this exchange, with an answer if none has begun. */
    void defect(Throwable cause);
}
