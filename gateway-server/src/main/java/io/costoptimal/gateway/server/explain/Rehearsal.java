package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.costoptimal.gateway.stage.Waiting;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Iterator;
import java.util.List;

/** One exchange on its way through some stages, with nobody to answer: a refusal is kept instead. Used by one thread. */
final class Rehearsal implements Run {

    private final EmbeddedChannel time = new EmbeddedChannel();
    private final ClientSide client = new NoClient(time.eventLoop());
    private final Exchange exchange;
    private final Iterator<Stage> stages;
    private Stage stage;
    private Rejection refusal;

    /** @param stages in order; at least one */
    Rehearsal(Exchange exchange, List<Stage> stages) {
        this.exchange = exchange;
        this.stages = stages.iterator();
    }

    /** Goes through the stages with {@code body}, which is whole; returns why they refuse it, {@code null} if they do not. */
    Rejection play(byte[] body) {
        next();
        if (refusal == null) {
            stage.body(Unpooled.wrappedBuffer(body), true);
        }
        time.runPendingTasks();
        return refusal;
    }

    @Override
    public ClientSide client() {
        return client;
    }

    @Override
    public void next() {
        if (stages.hasNext()) {
            stage = stages.next();
            stage.enter(exchange, this);
        }
    }

    @Override
    public void refuse(Rejection rejection) {
        refusal = rejection;
        stage.over(Outcome.REJECTED);
    }

    @Override
    public void answer(LocalAnswer answer) {
        throw new IllegalStateException("no stage here answers");
    }

    @Override
    public void finish(Outcome outcome) {
        throw new IllegalStateException("no stage here finishes");
    }

    @Override
    public void await(Waiting<?> waiting) {
        // The count is ready when the event loop looks next.
    }

    @Override
    public void resume(Runnable what) {
        what.run();
    }

    @Override
    public void defect(Throwable cause) {
        throw new IllegalStateException(cause);
    }
}
