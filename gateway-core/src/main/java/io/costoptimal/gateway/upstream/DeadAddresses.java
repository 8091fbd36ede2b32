package io.costoptimal.gateway.upstream;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The addresses that could not be connected to a short while ago, or only later than another one. They are tried after all
 * others. Any thread; times are those of the event loops' tickers.
 */
final class DeadAddresses {

    /** Long enough that a dead address costs next to nothing, short enough to come back soon after it is mended. */
    static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** More than any configuration has; what is beyond is not remembered. */
    static final int MOST = 1024;

    private final Map<InetSocketAddress, Long> until = new ConcurrentHashMap<>();

    /** Whether {@code address} failed within the last minute. */
    boolean contains(InetSocketAddress address, long now) {
        Long end = until.get(address);
        return end != null && end - now > 0;
    }

    /** It failed, or was too slow. */
    void add(InetSocketAddress address, long now) {
        if (until.size() >= MOST) {
            until.values().removeIf(end -> end - now <= 0);
        }
        if (until.size() < MOST) {
            until.put(address, now + REMEMBERED_NANOS);
        }
    }

    /** It works. */
    void remove(InetSocketAddress address) {
        // The map is empty nearly always, and this is asked for every connection.
        if (!until.isEmpty()) {
            until.remove(address);
        }
    }

    int size() {
        return until.size();
    }
}
