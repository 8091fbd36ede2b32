package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One exchange's wait for its tokens to be counted. Owned by the exchange's event loop, but for {@link #run}, which a counting
 * thread calls.
 *
 * <p>It ends in one of three ways, whichever is first: the count decides; the time is up, and the decision falls as if the
 * count were its upper bound; or the exchange ends. In the last two a job that has not begun is taken out of the queue, one
 * that has begun stops at the next piece of text, and the body is let go of then.
 */
final class CountJob implements Runnable {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(CountJob.class);

    private final TokenCounting counting;
    private final EventExecutor loop;
    private final Exchange exchange;
    private final RoutingFacts facts;
    private final Consumer<Decision> then;

    private HeldBody.Shared body;
    private Future<?> deadline;
    /** Whether nobody waits for the count any more. Written by the loop, read by the counting thread. */
    private volatile boolean over;

    /** @param then told the decision, once, on the loop; {@code null} when counting failed, which is a defect */
    CountJob(
            TokenCounting counting,
            EventExecutor loop,
            Exchange exchange,
            RoutingFacts facts,
            Consumer<Decision> then) {
        this.counting = counting;
        this.loop = loop;
        this.exchange = exchange;
        this.facts = facts;
        this.then = then;
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
        exchange.onGivenUp(this::cancel);
        deadline = loop.schedule(this::timeIsUp, atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        Decision decision = null;
        try {
            decision = over ? null : decide();
        } catch (CancellationException e) {
            // Nobody waits for it.
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            LOG.error("counting_failed exchange={}", exchange.id(), e);
        } finally {
            body.release();
        }
        Decision made = decision;
        loop.execute(() -> counted(made));
    }

    private Decision decide() {
        Routes routes = exchange.policy().routes();
        String model = routes.resolve(facts.model());
        return routes.decide(facts, counting.source(exchange.target().operation(), model, body.bytes(), () -> over));
    }

    private void counted(Decision decision) {
        if (!over) {
            end();
            then.accept(decision);
        }
    }

    private void timeIsUp() {
        if (over) {
            return;
        }
        cancel();
        int most = exchange.body().length();
        Decision decision = null;
        try {
            decision = exchange.policy().routes().decide(facts, TokenSource.bounds(most, most));
        } catch (Throwable e) {
            LOG.error("routing_failed exchange={}", exchange.id(), e);
        }
        then.accept(decision == null ? null : decision.with(new Decision.Tokens(0, most, false, true)));
    }

    private void cancel() {
        end();
        if (counting.remove(this)) {
            body.release();
        }
    }

    private void end() {
        over = true;
        deadline.cancel(false);
        exchange.onGivenUp(null);
    }
}
