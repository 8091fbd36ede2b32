package io.costoptimal.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Makes the buffers that a socket is read into: as large as the last reads of the same connection were, and some bytes at
 * the start of each left free. Sharable, any thread.
 *
 * <p>The free bytes are part of the size that was guessed, so that no buffer is of a larger class in the allocator for
 * them. The guess goes on as if they had been read: a buffer that was filled makes the next one larger.
 */
final class ReadBuffers extends AdaptiveRecvByteBufAllocator {

    /** Small enough for a stream of events, and a long body comes in one or two reads. */
    private static final int MIN = 1024;

    private static final int INITIAL = 4096;
    private static final int MAX = 128 * 1024;

    /** Reads of one connection before others have their turn; what they brought leaves in one write. */
    private static final int READS_IN_A_ROW = 4;

    private final int free;

    /** @param free bytes before what is read, in every buffer */
    ReadBuffers(int free) {
        super(MIN, INITIAL, MAX);
        this.free = free;
        maxMessagesPerRead(READS_IN_A_ROW);
    }

    // Netty's own handles are of the deprecated kind too.
    @SuppressWarnings("deprecation")
    @Override
    public Handle newHandle() {
        Handle handle = super.newHandle();
        return free == 0 ? handle : new Leaving((RecvByteBufAllocator.ExtendedHandle) handle, free);
    }

    /** Leaves bytes free. Confined to the channel's event loop. */
    private static final class Leaving extends RecvByteBufAllocator.DelegatingHandle
            implements RecvByteBufAllocator.ExtendedHandle {

        private final ExtendedHandle guessing;
        private final int free;

        Leaving(ExtendedHandle guessing, int free) {
            super(guessing);
            this.guessing = guessing;
            this.free = free;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            return guessing.allocate(alloc).setIndex(free, free);
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            guessing.attemptedBytesRead(bytes + free);
        }

        @Override
        public int attemptedBytesRead() {
            return guessing.attemptedBytesRead() - free;
        }

        @Override
        public void lastBytesRead(int bytes) {
            guessing.lastBytesRead(bytes > 0 ? bytes + free : bytes);
        }

        @Override
        public int lastBytesRead() {
            int bytes = guessing.lastBytesRead();
            return bytes > 0 ? bytes - free : bytes;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return guessing.continueReading(maybeMoreData);
        }
    }
}
