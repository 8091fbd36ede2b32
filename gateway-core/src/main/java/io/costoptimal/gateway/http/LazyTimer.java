package io.costoptimal.gateway.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A deadline that is cheap to push back: {@link #touch()} writes one field, and the scheduled task re-arms itself when it
 * finds that the deadline has moved. Confined to one event loop.
 *
 * <p>Started and stopped many times on one connection, it keeps at most one task scheduled; a stopped timer's task runs
 * out without effect.
 */
public final class LazyTimer {

    private final EventExecutor loop;
    private final Runnable onExpiry;

    private boolean running;
    private long deadlineNanos;
    private long periodNanos;
    private Future<?> task;
    private long taskNanos;

    /**
     * @param loop runs the timer and {@code onExpiry}
     * @param onExpiry called once per {@link #start}, unless stopped before
     */
    public LazyTimer(EventExecutor loop, Runnable onExpiry) {
        this.loop = loop;
        this.onExpiry = onExpiry;
    }

    /** Starts, or starts over, with {@code nanos} from now; returns now, by the loop's clock. */
    public long start(long nanos) {
        assert loop.inEventLoop();
        long now = loop.ticker().nanoTime();
        periodNanos = nanos;
        until(now + nanos);
        return now;
    }

    /** Starts, or starts over, to expire at {@code nanos} of the loop's ticker. */
    public void until(long nanos) {
        assert loop.inEventLoop();
        deadlineNanos = nanos;
        running = true;
        if (task != null && taskNanos - deadlineNanos > 0) {
            task.cancel(false);
            task = null;
        }
        if (task == null) {
            schedule(nanos - loop.ticker().nanoTime());
        }
    }

    /** Pushes the deadline to a whole period from now; does nothing when stopped. */
    public void touch() {
        deadlineNanos = loop.ticker().nanoTime() + periodNanos;
    }

    /** Stops; {@code onExpiry} will not be called until started again. */
    public void stop() {
        running = false;
    }

    /** Stops for good: the owner is closed and must not be kept reachable by a pending task. */
    public void cancel() {
        running = false;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    public boolean running() {
        return running;
    }

    private void schedule(long nanos) {
        taskNanos = loop.ticker().nanoTime() + nanos;
        task = loop.schedule(this::fire, nanos, TimeUnit.NANOSECONDS);
    }

    private void fire() {
        task = null;
        if (!running) {
            return;
        }
        long left = deadlineNanos - loop.ticker().nanoTime();
        if (left > 0) {
            schedule(left);
            return;
        }
        running = false;
        onExpiry.run();
    }
}
