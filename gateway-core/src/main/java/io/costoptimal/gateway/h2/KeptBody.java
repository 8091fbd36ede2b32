package io.costoptimal.gateway.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has come of a stream's body while its stages wanted none of it. The bytes are copied: as they came, a few of them may
 * keep a large buffer from being used again, which nobody would count. Confined to the event loop of the connection.
 */
final class KeptBody {

    private static final int LEAST = 512;
    private static final int MOST = 64 * 1024;

    private final UploadWindow memory;
    private final Deque<ByteBuf> pieces = new ArrayDeque<>(4);
    private int length;

    /** @param memory pays for the copies */
    KeptBody(UploadWindow memory) {
        this.memory = memory;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /**
     * Keeps {@code bytes}, taken, or none of them when there is no memory for that.
     *
     * @param alloc where the copies live
     * @return whether they are kept
     */
    boolean add(ByteBuf bytes, ByteBufAllocator alloc) {
        try {
            ByteBuf tail = pieces.peekLast();
            int here = tail == null ? 0 : Math.min(tail.writableBytes(), bytes.readableBytes());
            int left = bytes.readableBytes() - here;
            // Each piece is as long as all before it, so that small ones are few and half of no large one is unused.
            int room = left == 0 ? 0 : Math.max(left, Math.min(Math.max(length, LEAST), MOST));
            if (!memory.take(room)) {
                return false;
            }
            length += here + left;
            if (here > 0) {
                tail.writeBytes(bytes, here);
            }
            if (left > 0) {
                ByteBuf added = alloc.ioBuffer(room, room);
                pieces.add(added);
                added.writeBytes(bytes);
            }
            return true;
        } finally {
            bytes.release();
        }
    }

    /** Returns the first piece, which is the caller's from now on, with its memory; not from nothing. */
    ByteBuf poll() {
        ByteBuf first = pieces.poll();
        length -= first.readableBytes();
        memory.giveBack(first.maxCapacity());
        return first;
    }

    /**
     * Lets go of everything.
     *
     * @return how many bytes that were
     */
    int drop() {
        int dropped = length;
        while (!pieces.isEmpty()) {
            poll().release();
        }
        return dropped;
    }
}
