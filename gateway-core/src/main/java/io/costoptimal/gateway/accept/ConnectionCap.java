package io.costoptimal.gateway.accept;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the client connections of one gateway and refuses those beyond the limit. Any thread. */
public final class ConnectionCap {

    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionCap(int max) {
        this.max = max;
    }

    /**
     * Counts {@code channel} until it is closed. The one misuse is asking twice for one channel.
     *
     * @return false when it is one too many; it is being closed then and needs no pipeline
     */
    public boolean admit(Channel channel) {
        boolean admitted = open.incrementAndGet() <= max;
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        if (!admitted) {
            channel.close();
        }
        return admitted;
    }

    /** How many connections are open now, those being refused included. */
    public int open() {
        return open.get();
    }
}
