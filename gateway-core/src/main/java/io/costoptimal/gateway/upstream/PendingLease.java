package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A request for a connection that could not be met at once: waits in the queue, or for its connect. Confined to the loop. */
final class PendingLease implements Upstreams.Pending {

    /** For a request that was answered before it could be pending. */
    static final Upstreams.Pending ANSWERED = () -> {};

    private final OriginPool pool;
    private final boolean fresh;
    private final Lessee lessee;
    private Future<?> timer;
    private boolean answered;

    PendingLease(OriginPool pool, boolean fresh, Lessee lessee) {
        this.pool = pool;
        this.fresh = fresh;
        this.lessee = lessee;
    }

    boolean fresh() {
        return fresh;
    }

    /** Whether its lessee was told, or wants to hear nothing any more. */
    boolean answered() {
        return answered;
    }

    void waitAtMost(EventLoop loop, long nanos) {
        timer = loop.schedule(() -> pool.timedOut(this), nanos, TimeUnit.NANOSECONDS);
    }

    /** It is its turn. */
    void stopWaiting() {
        timer.cancel(false);
        timer = null;
    }

    void give(PooledConnection connection) {
        answered = true;
        connection.lease(lessee);
    }

    void refuse(UpstreamFailure failure) {
        if (!answered) {
            answered = true;
            lessee.refused(failure);
        }
    }

    @Override
    public void cancel() {
        if (answered) {
            return;
        }
        answered = true;
        if (timer != null) {
            stopWaiting();
            pool.leftQueue(this);
        }
    }
}
