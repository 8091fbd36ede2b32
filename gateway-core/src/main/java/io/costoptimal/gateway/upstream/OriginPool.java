package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's connections to one origin: those that idle, those that are out, and who waits for one. Confined to that
 * loop.
 *
 * <p>{@code open} counts a connection from the decision to connect; it is taken back in one place, {@link #gone} (trap 10).
 */
final class OriginPool {

    private final UpstreamPool all;
    private final Origin origin;
    private final Limits.Upstream limits;

    /** Last in, first out: the rest grow old and are closed. */
    private final ArrayDeque<PooledConnection> idle = new ArrayDeque<>();

    /** In the order of arrival; empty unless {@code open} is at its limit. */
    private final ArrayDeque<PendingLease> waiting = new ArrayDeque<>();

    private int open;
    private boolean servingSoon;

    OriginPool(UpstreamPool all, Origin origin) {
        this.all = all;
        this.origin = origin;
        this.limits = all.limits();
    }

    Upstreams.Pending lease(boolean fresh, Lessee lessee) {
        if (waiting.isEmpty()) {
            PooledConnection parked = fresh ? null : pollIdle();
            if (parked != null) {
                all.reused();
                parked.lease(lessee);
                return PendingLease.ANSWERED;
            }
            if (makeRoom(fresh)) {
                return connect(new PendingLease(this, fresh, lessee));
            }
        }
        if (waiting.size() >= limits.connections()) {
            lessee.refused(new UpstreamFailure(Phase.LEASE, Kind.CONNECT_ERROR, origin + ": too many waiting"));
            return PendingLease.ANSWERED;
        }
        PendingLease pending = new PendingLease(this, fresh, lessee);
        pending.waitAtMost(all.loop(), all.timeouts().lease().toNanos());
        waiting.add(pending);
        all.waits();
        return pending;
    }

    /** A whole exchange is done; the next may follow. */
    void released(PooledConnection connection) {
        long now = all.now();
        if (all.closed() || idle.size() >= limits.idle() || !connection.alive(now)) {
            connection.close();
            return;
        }
        connection.park(now);
        idle.addLast(connection);
        all.idled();
        connection.listen();
        serveSoon();
    }

    /** {@code connection} is closed, or was never made. The one place that gives its permit back. */
    void gone(PooledConnection connection) {
        open--;
        all.closedOne();
        if (idle.remove(connection)) {
            all.unidled();
        }
        serveSoon();
        forgetIfEmpty();
    }

    void poisoned() {
        all.poisoned();
    }

    /** {@code pending} waits no longer: cancelled, or out of time. */
    void leftQueue(PendingLease pending) {
        if (waiting.remove(pending)) {
            all.waitsNoLonger();
        }
        forgetIfEmpty();
    }

    void timedOut(PendingLease pending) {
        leftQueue(pending);
        long millis = all.timeouts().lease().toMillis();
        pending.refuse(new UpstreamFailure(
                Phase.LEASE, Kind.TIMEOUT, origin + ": all " + limits.connections() + " in use for " + millis + " ms"));
    }

    /** Closes what has idled too long or lived too long. */
    void sweep() {
        long now = all.now();
        for (PooledConnection connection : List.copyOf(idle)) {
            if (!connection.usable(now, all.timeouts().idle().toNanos())) {
                connection.close();
            }
        }
    }

    void closeIdle() {
        List.copyOf(idle).forEach(PooledConnection::close);
    }

    private PooledConnection pollIdle() {
        long now = all.now();
        for (PooledConnection last = idle.pollLast(); last != null; last = idle.pollLast()) {
            all.unidled();
            if (last.usable(now, all.timeouts().idle().toNanos())) {
                return last;
            }
            last.close();
        }
        return null;
    }

    /** Whether another connection may be opened. One that has to be fresh takes the place of the oldest idle one. */
    private boolean makeRoom(boolean fresh) {
        if (open >= limits.connections() && fresh && !idle.isEmpty()) {
            idle.peekFirst().close();
        }
        return open < limits.connections();
    }

    private PendingLease connect(PendingLease pending) {
        open++;
        all.opened(origin, this);
        PooledConnection connection = new PooledConnection(this);
        Connector.Listener listener = new Connector.Listener() {
            @Override
            public void connected(Channel channel) {
                made(connection, pending);
            }

            @Override
            public void failed(UpstreamFailure failure) {
                connection.close();
                pending.refuse(failure);
            }
        };
        try {
            all.connector().connect(all.loop(), origin, connection, listener);
        } catch (RuntimeException e) {
            listener.failed(new UpstreamFailure(Phase.CONNECT, Kind.CONNECT_ERROR, origin + ": " + e.getMessage()));
        }
        return pending;
    }

    /** Who asked may have left meanwhile; then the connection waits for somebody else (trap 29). */
    private void made(PooledConnection connection, PendingLease pending) {
        connection.connected(all.endOfLife());
        if (pending.answered()) {
            released(connection);
        } else {
            pending.give(connection);
        }
    }

    /**
     * Those who wait are served after the loop has polled for events once more: a FIN that came with the end of the answer
     * is then known, and the connection gone (trap 5). Timers are looked at once a turn, before the tasks; so one that a
     * task sets without delay runs in the turn after.
     */
    private void serveSoon() {
        if (waiting.isEmpty() || servingSoon) {
            return;
        }
        servingSoon = true;
        all.loop().execute(() -> all.loop().schedule(this::serve, 0, TimeUnit.NANOSECONDS));
    }

    private void serve() {
        servingSoon = false;
        while (!waiting.isEmpty()) {
            boolean fresh = waiting.peek().fresh();
            PooledConnection parked = fresh ? null : pollIdle();
            if (parked == null && !makeRoom(fresh)) {
                return;
            }
            PendingLease next = waiting.remove();
            all.waitsNoLonger();
            next.stopWaiting();
            if (parked == null) {
                connect(next);
            } else {
                all.reused();
                next.give(parked);
            }
        }
    }

    private void forgetIfEmpty() {
        if (open == 0 && waiting.isEmpty()) {
            all.forget(origin, this);
        }
    }
}
