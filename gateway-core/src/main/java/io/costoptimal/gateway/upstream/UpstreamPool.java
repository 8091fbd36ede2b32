package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Timeouts;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One event loop's connections to all providers. Confined to that loop; only {@link #counts} may be asked from elsewhere.
 *
 * <p>Connections are shared by what they reach, not by the provider's configured id, and are lent last in, first out. A
 * limit is per origin and loop. An origin is forgotten with its last connection, so the map does not grow (trap 17).
 */
public final class UpstreamPool implements Upstreams {

    /** A whole life ends up to this share earlier or later, so that connections made together do not end together. */
    private static final double LIFE_VARIANCE = 0.1;

    private final EventLoop loop;
    private final Connector connector;
    private final Limits.Upstream limits;
    private final Timeouts.Pool timeouts;
    private final Map<Origin, OriginPool> origins = new HashMap<>();

    // Written by the loop alone, so that counting takes no locked instruction: three a request would.
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong gone = new AtomicLong();
    private final AtomicLong idle = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong poisoned = new AtomicLong();
    private final AtomicLong reused = new AtomicLong();

    private boolean sweeping;
    private boolean closed;

    /** Makes the pool of {@code loop}, empty. */
    public UpstreamPool(EventLoop loop, Connector connector, Limits.Upstream limits, Timeouts.Pool timeouts) {
        this.loop = loop;
        this.connector = connector;
        this.limits = limits;
        this.timeouts = timeouts;
    }

    @Override
    public Pending lease(Provider provider, boolean fresh, Lessee lessee) {
        assert loop.inEventLoop();
        return origins.computeIfAbsent(Origin.of(provider), origin -> new OriginPool(this, origin))
                .lease(fresh, lessee);
    }

    /**
     * Closes what idles, and makes every release a close. Exchanges that still run may lease and finish. Called on the
     * loop.
     */
    public void close() {
        assert loop.inEventLoop();
        closed = true;
        List.copyOf(origins.values()).forEach(OriginPool::closeIdle);
    }

    /** A glance from any thread; the figures are each right, but not of one moment. */
    public PoolCounts counts() {
        long ended = gone.get();
        long begun = opened.get();
        PoolCounts.Now now = new PoolCounts.Now(begun - ended, idle.get(), waiting.get());
        return new PoolCounts(now, begun, reused.get(), poisoned.get());
    }

    EventLoop loop() {
        return loop;
    }

    Connector connector() {
        return connector;
    }

    Limits.Upstream limits() {
        return limits;
    }

    Timeouts.Pool timeouts() {
        return timeouts;
    }

    boolean closed() {
        return closed;
    }

    long now() {
        return loop.ticker().nanoTime();
    }

    /** When a connection made now is to be closed. */
    long endOfLife() {
        double share = ThreadLocalRandom.current().nextDouble(1 - LIFE_VARIANCE, 1 + LIFE_VARIANCE);
        return now() + (long) (timeouts.maxLife().toNanos() * share);
    }

    /** Also remembers the origin again: closing its last, stale connection a moment ago had it forgotten. */
    void opened(Origin origin, OriginPool pool) {
        origins.put(origin, pool);
        add(opened, 1);
    }

    void closedOne() {
        add(gone, 1);
    }

    void reused() {
        add(reused, 1);
    }

    void poisoned() {
        add(poisoned, 1);
    }

    void idled() {
        add(idle, 1);
        sweepLater();
    }

    void unidled() {
        add(idle, -1);
    }

    void waits() {
        add(waiting, 1);
    }

    void waitsNoLonger() {
        add(waiting, -1);
    }

    private static void add(AtomicLong count, int change) {
        count.setOpaque(count.getPlain() + change);
    }

    void forget(Origin origin, OriginPool pool) {
        origins.remove(origin, pool);
    }

    /** Number of origins remembered. */
    int origins() {
        return origins.size();
    }

    /** One coarse timer for all, and only while something idles. */
    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            loop.schedule(this::sweep, Math.max(1, timeouts.idle().toNanos() / 4), TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        sweeping = false;
        List.copyOf(origins.values()).forEach(OriginPool::sweep);
        if (idle.get() > 0) {
            sweepLater();
        }
    }
}
