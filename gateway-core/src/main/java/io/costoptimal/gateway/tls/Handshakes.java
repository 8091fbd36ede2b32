package io.costoptimal.gateway.tls;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What all handshakes of a gateway must keep to. Any thread. */
public final class Handshakes {

    private final int most;
    private final Duration patience;
    private final AtomicInteger running = new AtomicInteger();

    /**
     * @param most that may go on at one time; the connections of others are closed
     * @param patience from the start of a connection to the end of its handshake
     */
    public Handshakes(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    /** Counts one more, unless it is one too many. Whoever was let in calls {@link #ended} once. */
    boolean begin() {
        if (running.incrementAndGet() <= most) {
            return true;
        }
        running.decrementAndGet();
        return false;
    }

    void ended() {
        running.decrementAndGet();
    }

    /** How many are going on. */
    public int running() {
        return running.get();
    }
}
