package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.LazyTimer;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.List;

/**
 * Takes one exchange after another of a client from its head to its end: through the stages, in their order, and out by the
 * one {@link #finish}. Confined to the client's event loop.
 *
 * <p>Whoever reads the client's requests calls {@link #run}, {@link #body} and the other methods of the first half; stages
 * call those of {@link Run}. The client may begin its next exchange from within {@link ClientSide#end} or
 * {@link ClientSide#abort}; nothing is done for the old one after that call.
 */
public final class ExchangeRunner implements Run {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(ExchangeRunner.class);
    private static final RareWarning DEFECTS = new RareWarning(LOG);
    private static final RareWarning OUT_OF_BUFFERS = new RareWarning(LOG);

    private final ClientSide client;
    private final List<Stage> stages;
    private final ExchangeWatch watch;
    private final long totalNanos;
    private final LazyTimer timer;

    /** {@code null} between two exchanges. */
    private Exchange exchange;
    /** The place among the stages of the one at which the exchange stands; before the first for one answered on its head. */
    private int at;

    private boolean bodyEnded;
    private boolean closed;
    /** {@code null} unless the stage waits. */
    private Waiting<?> waiting;

    /**
     * @param stages in the order of the path; the last one never hands on
     * @param watch told of each exchange's begin and end
     * @param total how long one exchange may take
     */
    public ExchangeRunner(ClientSide client, List<Stage> stages, ExchangeWatch watch, Duration total) {
        this.client = client;
        this.stages = stages;
        this.watch = watch;
        this.totalNanos = total.toNanos();
        this.timer = new LazyTimer(client.loop(), this::overdue);
    }

    /** Begins {@code begun}, whose head is sound. */
    public void run(Exchange begun) {
        begin(begun);
        try {
            next();
        } catch (Throwable e) {
            defect(e);
        }
    }

    /** Begins {@code begun}, which is answered on its head alone. */
    public void refuse(Exchange begun, Rejection rejection) {
        begin(begun);
        refuse(rejection);
    }

    private void begin(Exchange begun) {
        exchange = begun;
        at = -1;
        bodyEnded = false;
        watch.began(begun);
        timer.start(totalNanos);
    }

    /**
     * Passes a piece of the running exchange's body to the stage at which it stands.
     *
     * @param piece takes; dropped if no exchange runs
     * @param last whether the body ends with it
     */
    public void body(ByteBuf piece, boolean last) {
        if (exchange == null) {
            piece.release();
            return;
        }
        exchange.addRequestBytes(piece.readableBytes());
        bodyEnded = last;
        try {
            stages.get(at).body(piece, last);
        } catch (Throwable e) {
            defect(e);
        }
    }

    /** The client takes more again, or no more. */
    public void clientWritabilityChanged() {
        if (exchange != null) {
            try {
                stages.get(at).clientWritabilityChanged();
            } catch (Throwable e) {
                defect(e);
            }
        }
    }

    /** The running exchange; {@code null} between two. */
    public Exchange exchange() {
        return exchange;
    }

    /** There will be no more exchanges, and none runs. */
    public void close() {
        closed = true;
        timer.cancel();
        stages.forEach(Stage::close);
    }

    /** Whether {@link #close} was called. */
    public boolean closed() {
        return closed;
    }

    private void overdue() {
        Exchange late = exchange;
        if (!bodyEnded && waiting == null) {
            refuse(Rejection.tooSlow());
            return;
        }
        try {
            stages.get(at).overdue();
        } catch (Throwable e) {
            defect(e);
        }
        if (exchange == late) {
            refuse(Rejection.of(504, "exchange_timeout", "The request took too long."));
        }
    }

    @Override
    public ClientSide client() {
        return client;
    }

    @Override
    public void next() {
        if (exchange != null) {
            stages.get(++at).enter(exchange, this);
        }
    }

    @Override
    public void await(Waiting<?> begun) {
        waiting = begun;
        if (!bodyEnded) {
            client.holdBody();
        }
    }

    @Override
    public void resume(Runnable how) {
        waiting = null;
        Exchange resumed = exchange;
        try {
            how.run();
        } catch (Throwable e) {
            defect(e);
        }
        if (exchange == resumed && waiting == null && !bodyEnded) {
            client.resumeBody();
        }
    }

    @Override
    public void refuse(Rejection rejection) {
        Exchange refused = exchange;
        if (refused == null) {
            client.abort(false);
            return;
        }
        if (refused.state() == ExchangeState.ANSWERING) {
            // A body that goes on while it is answered may be found too long, malformed or too slow. The client is
            // still there.
            boolean requests = refused.passing() != null && rejection.status() < 500;
            finish(requests ? Outcome.TRUNCATED : Outcome.GATEWAY_ERROR);
            return;
        }
        refused.status(rejection.status());
        Outcome outcome = Refusal.outcome(refused, rejection);
        leave(outcome);
        try {
            client.answer(Refusal.of(refused, rejection), rejection.closes());
        } catch (Throwable e) {
            // There is not even memory for a few hundred bytes.
            LOG.warn("answer_failed exchange={}", refused.id(), e);
            end(refused, Outcome.GATEWAY_ERROR, false);
            return;
        }
        end(refused, outcome, true);
    }

    @Override
    public void answer(LocalAnswer answer) {
        Exchange answered = exchange;
        if (answered == null) {
            return;
        }
        client.answer(answer, false);
        if (exchange != answered) {
            // The client left while it was written.
            return;
        }
        answered.answering(answer.status());
        leave(Outcome.LOCAL);
        end(answered, Outcome.LOCAL, true);
    }

    @Override
    public void finish(Outcome outcome) {
        Exchange finished = exchange;
        if (finished != null) {
            leave(outcome);
            end(finished, outcome, outcome == Outcome.COMPLETED);
        }
    }

    /** From here on nothing reaches the exchange any more, and its stage lets go of what it holds. */
    private void leave(Outcome outcome) {
        Waiting<?> ended = waiting;
        exchange = null;
        waiting = null;
        timer.stop();
        try {
            letGo(ended, outcome);
        } catch (Throwable e) {
            DEFECTS.log("stage_failed", e);
        }
    }

    /** The stage lets go of what it holds even if what it waited for cannot be cancelled. */
    private void letGo(Waiting<?> ended, Outcome outcome) {
        try {
            if (ended != null) {
                ended.cancel();
            }
        } finally {
            if (at >= 0) {
                stages.get(at).over(outcome);
            }
        }
    }

    /** @param whole whether the client has a whole answer */
    private void end(Exchange over, Outcome outcome, boolean whole) {
        over.end(outcome);
        try {
            watch.ended(over);
        } catch (Throwable e) {
            LOG.warn("listener_failed exchange={}", over.id(), e);
        }
        if (whole) {
            client.end();
        } else {
            client.abort(outcome == Outcome.CLIENT_CANCELLED);
        }
    }

    @Override
    public void defect(Throwable cause) {
        // First: all the rest needs memory, and may fail for want of it.
        OutOfMemory.passOn(cause);
        if (OutOfMemory.ofBuffers(cause)) {
            OUT_OF_BUFFERS.log("out_of_buffers cause=\"" + cause.getMessage() + "\"");
        } else {
            DEFECTS.log("exchange_failed", cause);
        }
        refuse(OutOfMemory.rejection(cause));
    }
}
