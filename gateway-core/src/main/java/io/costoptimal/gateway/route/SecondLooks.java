package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.SecondLook;
import io.costoptimal.gateway.stage.Awaited;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Waiting;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** One exchange that waits for an embedder's {@link SecondLook} at its decision. Owned by the exchange's event loop. */
final class SecondLooks implements Awaited<Decision> {

    private static final RareWarning FAILURES = new RareWarning(InternalLoggerFactory.getInstance(SecondLooks.class));

    private static final Rejection UNKNOWN =
            Rejection.overloaded("The gateway could not find out in time whether this request may pass; try again.");

    private final Exchange exchange;
    private final Run run;
    private final CompletableFuture<Decision> look;

    private SecondLooks(Exchange exchange, Run run, CompletableFuture<Decision> look) {
        this.exchange = exchange;
        this.run = run;
        this.look = look;
    }

    /** Goes on with {@code decided}, which has candidates, as soon as {@code second} has said what it thinks of it. */
    static void ask(SecondLook second, Exchange exchange, Run run, Decision decided) {
        CompletableFuture<Decision> look;
        Duration patience;
        try {
            look = second.look(decided, exchange, exchange.embedder().fields());
            patience = look == null ? null : Objects.requireNonNull(second.patience(), "patience");
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            failed(exchange, run, e);
            return;
        }
        if (look == null) {
            RouteStage.decided(exchange, run, decided);
            return;
        }
        SecondLooks awaited = new SecondLooks(exchange, run, look);
        Waiting<Decision> waiting = new Waiting<>(run, awaited);
        look.whenComplete((found, failure) -> {
            if (found != null) {
                waiting.done(found);
            } else {
                waiting.failed(failure == null ? new IllegalStateException("no decision") : failure);
            }
        });
        waiting.start(patience);
    }

    @Override
    public void done(Decision found) {
        RouteStage.decided(exchange, run, found);
    }

    @Override
    public void failed(Throwable cause) {
        failed(exchange, run, cause);
    }

    private static void failed(Exchange exchange, Run run, Throwable cause) {
        FAILURES.log("second_look_failed exchange=" + exchange.id(), cause);
        run.refuse(UNKNOWN);
    }

    @Override
    public void timedOut() {
        FAILURES.log("second_look_timed_out exchange=" + exchange.id());
        cancelled();
        run.refuse(UNKNOWN);
    }

    @Override
    public void cancelled() {
        look.cancel(false);
    }
}
