package io.costoptimal.gateway.server.metrics;

import io.netty.util.concurrent.EventExecutor;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks one event loop to run something every 100 ms and records how late it does. Confined to that event loop, which
 * forgets it when it stops.
 *
 * <p>A loop that was busy for a second counts all ten turns it missed, each as late as it is: what would have come meanwhile
 * would have waited as well.
 */
final class LoopLag implements Runnable {

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** From what a kernel's timer is late by to what clients notice, in seconds. */
    private static final double[] SECONDS = {
        .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5
    };

    private final EventExecutor loop;
    private final Histogram lag;
    private long due;

    /** @param lag of all loops together; a loop in a hundred that lags still shows at the 99th percentile */
    LoopLag(EventExecutor loop, Histogram lag) {
        this.loop = loop;
        this.lag = lag;
    }

    private static Histogram histogram(PrometheusRegistry registry) {
        return Histogram.builder()
                .name("gateway_event_loop_lag_seconds")
                .unit(Unit.SECONDS)
                .help("How late event loops run what is due, asked every 100 ms.")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
    }

    /** Watches {@code loops} from now on. */
    static void observe(List<EventExecutor> loops, PrometheusRegistry registry) {
        Histogram lag = histogram(registry);
        loops.forEach(loop -> new LoopLag(loop, lag).start());
    }

    /** Begins; once, from any thread. */
    void start() {
        loop.execute(() -> {
            due = loop.ticker().nanoTime() + PERIOD_NANOS;
            loop.schedule(this, PERIOD_NANOS, TimeUnit.NANOSECONDS);
        });
    }

    @Override
    public void run() {
        long now = loop.ticker().nanoTime();
        // All that was missed now: one a turn, on a loop whose turns take longer than the period, would be ever later.
        for (; now - due >= 0; due += PERIOD_NANOS) {
            lag.observe((now - due) / 1e9);
        }
        loop.schedule(this, due - now, TimeUnit.NANOSECONDS);
    }
}
