package io.costoptimal.gateway.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Whether the other side of a channel still takes what is written to it. Confined to the channel's event loop.
 *
 * <p>The count of pending bytes alone does not tell: it falls by whole buffers, and a slow client may take minutes for one.
 */
public final class WriteProgress {

    /** Looks in a row that may find progress; who takes longer takes a few hundred bytes a second at most. */
    private static final int MAX_LOOKS = 10;

    private final Channel channel;
    private long pending;
    private long taken;
    private int first;
    private int looks;
    private long moves;

    /** Looks for the first time. */
    public WriteProgress(Channel channel) {
        this.channel = channel;
        made();
    }

    /** Starts over: what is waited for from now on has taken no time yet. */
    void restart() {
        looks = 0;
        made();
    }

    /**
     * Looks again: whether a byte has been taken since the last look, and this wait has not taken too many looks. So a client
     * that takes a byte now and then is given up in the end, too.
     */
    boolean goesOn() {
        return made() && ++looks <= MAX_LOOKS;
    }

    /**
     * Looks again, for one of several who wait for the same channel: what is returned has grown if a byte was taken between
     * two looks, whoever looked. Each remembers what it was told the last time.
     */
    public long moves() {
        if (made()) {
            moves++;
        }
        return moves;
    }

    private boolean made() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            return false;
        }
        long pendingBefore = pending;
        long takenBefore = taken;
        int firstBefore = first;
        pending = queue.totalPendingWriteBytes();
        taken = queue.currentProgress();
        first = System.identityHashCode(queue.current());
        return pending < pendingBefore || taken != takenBefore || first != firstBefore;
    }
}
