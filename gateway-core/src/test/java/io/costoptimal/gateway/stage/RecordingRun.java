package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes what one stage asks of its run, and does nothing about it: the test looks at the exchange as the stage left it.
 * Confined to the test's thread.
 */
public final class RecordingRun implements Run {

    public final LoggedClient client = new LoggedClient();
    public final List<Rejection> refusals = new ArrayList<>();
    /** How often the stage has handed an exchange on. */
    public int handedOn;

    private Waiting<?> waiting;

    /** The one refusal there was; forgets it. */
    public Rejection refusal() {
        return refusals.isEmpty() ? null : refusals.remove(0);
    }

    /** Whether the exchange was handed on since the last look. */
    public boolean wentOn() {
        boolean went = handedOn == 1;
        handedOn = 0;
        return went;
    }

    /** The exchange is over: its stage stops waiting. */
    public void over() {
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
    }

    @Override
    public LoggedClient client() {
        return client;
    }

    @Override
    public void next() {
        handedOn++;
    }

    @Override
    public void refuse(Rejection rejection) {
        refusals.add(rejection);
    }

    @Override
    public void answer(LocalAnswer answer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void finish(Outcome outcome) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void await(Waiting<?> begun) {
        waiting = begun;
    }

    @Override
    public void resume(Runnable what) {
        waiting = null;
        what.run();
    }

    @Override
    public void defect(Throwable cause) {
        throw new AssertionError("defect", cause);
    }
}
