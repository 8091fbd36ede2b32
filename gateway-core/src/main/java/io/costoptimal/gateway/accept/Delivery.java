package io.costoptimal.gateway.accept;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;
import java.util.concurrent.TimeUnit;

/**
 * Whether the client's side has received what the kernel was given for it, as far as TCP can tell: a reset destroys what is
 * still under way. Confined to the connection's event loop.
 *
 * <p>TCP has no count of bytes that wait in the kernel, but waiting bytes show: they are sent and not acknowledged, or the
 * client's window is closed and is being probed, or data was sent a moment ago. When none of these is so for the time
 * after which a probe would be sent, nothing waits. A transport that tells nothing of TCP gets a fixed time.
 */
final class Delivery {

    /** How long to wait before the next look. */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What a transport that tells nothing is given: what may have gone meanwhile has gone. */
    private static final long BLIND_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Sends nothing for less than this: the shortest time after which a closed window is probed, twice. */
    private static final long QUIET_MILLIS = 400;

    private final Channel channel;
    private final long patienceNanos;
    private final long startNanos;
    private long movedNanos;
    private long sentMillisAgo = Long.MAX_VALUE;

    /**
     * @param patienceNanos how long the client may take nothing
     * @param now by the clock of the event loop
     */
    Delivery(Channel channel, long patienceNanos, long now) {
        this.channel = channel;
        this.patienceNanos = patienceNanos;
        startNanos = now;
        movedNanos = now;
    }

    /** Whether there is nothing more to wait for: all has arrived, or the client takes no more. */
    boolean over(long now) {
        if (!channel.isActive()) {
            return true;
        }
        if (channel instanceof EpollSocketChannel epoll) {
            EpollTcpInfo info = epoll.tcpInfo();
            return over(now, info.unacked() == 0 && info.backoff() == 0, info.lastDataSent(), info.rto());
        }
        if (channel instanceof IoUringSocketChannel uring) {
            IoUringTcpInfo info = uring.tcpInfo();
            return over(now, info.unacked() == 0 && info.backoff() == 0, info.lastDataSent(), info.rto());
        }
        return now - startNanos >= BLIND_NANOS;
    }

    private boolean over(long now, boolean nothingUnderWay, long lastSentMillis, long rtoMicros) {
        if (lastSentMillis < sentMillisAgo) {
            movedNanos = now;
        }
        sentMillisAgo = lastSentMillis;
        boolean quiet = lastSentMillis >= Math.max(QUIET_MILLIS, TimeUnit.MICROSECONDS.toMillis(2 * rtoMicros));
        return nothingUnderWay && quiet || now - movedNanos >= patienceNanos;
    }
}
