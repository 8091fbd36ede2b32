package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.SharedBody;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.stage.Awaited;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Waiting;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * One exchange's tokens, to be counted on another thread. Owned by the exchange's event loop, but for {@link #run}, which a
 * counting thread calls.
 *
 * <p>If the time is up first, the decision falls as if the count were its upper bound. A job that nobody waits for any more is
 * taken out of the queue if it has not begun; one that has begun stops at the next piece of text, and lets go of the body then.
 */
final class CountJob implements Runnable, Awaited<Decision> {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(CountJob.class);

    private final TokenCounting counting;
    private final Exchange exchange;
    private final Run run;
    private final RoutingFacts facts;
    private final Waiting<Decision> waiting;

    private SharedBody body;

    CountJob(TokenCounting counting, Exchange exchange, Run run, RoutingFacts facts) {
        this.counting = counting;
        this.exchange = exchange;
        this.run = run;
        this.facts = facts;
        this.waiting = new Waiting<>(run, this);
    }

    /**
     * Begins to wait.
     *
     * @throws RejectedExecutionException when too many wait already
     */
    void start(Duration atMost) {
        body = exchange.body().share();
        try {
            counting.execute(this);
        } catch (Throwable e) {
            body.release();
            throw e;
        }
        waiting.start(atMost);
    }

    @Override
    public void run() {
        try {
            Decision decision;
            try {
                decision = waiting.over() ? null : decide();
            } finally {
                body.release();
            }
            waiting.done(decision);
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            waiting.failed(e);
        }
    }

    private Decision decide() {
        Routes routes = exchange.policy().routes();
        String model = routes.resolve(facts.model());
        return routes.decide(
                facts.with(body), counting.source(exchange.target().operation(), model, body.bytes(), waiting::over));
    }

    @Override
    public void done(Decision decision) {
        RouteStage.proceed(exchange, run, decision);
    }

    @Override
    public void failed(Throwable cause) {
        LOG.error("counting_failed exchange={}", exchange.id(), cause);
        run.refuse(Rejection.internal());
    }

    @Override
    public void timedOut() {
        cancelled();
        int most = exchange.body().length();
        Decision decision = exchange.policy().routes().decide(facts, TokenSource.assuming(most));
        RouteStage.proceed(exchange, run, decision.with(new Decision.Tokens(0, most, false, true)));
    }

    @Override
    public void cancelled() {
        if (counting.remove(this)) {
            body.release();
        }
    }
}
