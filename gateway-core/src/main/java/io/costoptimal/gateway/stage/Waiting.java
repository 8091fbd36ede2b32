package io.costoptimal.gateway.stage;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One exchange's wait for what another thread does, or what comes later. It ends by the result, by a failure, by its deadline,
 * or with the exchange, whichever is first; what comes after that is dropped.
 *
 * <p>Owned by the event loop of the exchange, but for {@link #done}, {@link #failed} and {@link #over}, which any thread may
 * call. While it lasts, nothing of the request's body is asked for, read or passed to a stage.
 */
public final class Waiting<T> {

    private final Run run;
    private final Awaited<T> then;
    private final EventExecutor loop;
    private Future<?> deadline;
    private volatile boolean over;

    /**
     * A wait of the exchange that {@code run} runs; {@link #start} begins it.
     *
     * @param then told how it ended
     */
    public Waiting(Run run, Awaited<T> then) {
        this.run = run;
        this.then = then;
        this.loop = run.client().loop();
    }

    /**
     * Begins to wait: the last thing a stage does before it returns. The end may have been reported before, as long as that
     * was in the same turn of the event loop or on another thread.
     *
     * @param atMost until {@link Awaited#timedOut}
     */
    public void start(Duration atMost) {
        deadline = loop.schedule(() -> end(then::timedOut), atMost.toNanos(), TimeUnit.NANOSECONDS);
        run.await(this);
    }

    /** What is waited for is here. The stage is told in a later turn of the event loop. */
    public void done(T result) {
        later(() -> then.done(result));
    }

    /** What is waited for will not come. The stage is told in a later turn of the event loop. */
    public void failed(Throwable cause) {
        later(() -> then.failed(cause));
    }

    /** Whether nobody waits any more. */
    public boolean over() {
        return over;
    }

    /** The exchange is over. */
    void cancel() {
        over = true;
        deadline.cancel(false);
        then.cancelled();
    }

    private void later(Runnable how) {
        try {
            loop.execute(() -> end(how));
        } catch (RejectedExecutionException shutDown) {
            // The exchange went with its event loop.
        }
    }

    private void end(Runnable how) {
        if (!over) {
            over = true;
            deadline.cancel(false);
            run.resume(how);
        }
    }
}
