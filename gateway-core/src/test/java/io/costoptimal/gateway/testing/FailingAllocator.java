package io.costoptimal.gateway.testing;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An allocator whose n-th allocation fails, the growing of a buffer included, and which knows how many bytes are not freed. Any
 * thread.
 */
public final class FailingAllocator extends AbstractByteBufAllocator {

    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicLong live = new AtomicLong();

    public FailingAllocator() {
        super(true);
    }

    /** Lets {@code n - 1} allocations succeed from now on, and the one after them fail; the rest succeed again. */
    public void failAt(int n) {
        left.set(n);
    }

    /** Whether the allocation that was to fail has been asked for; from now on none fails. */
    public boolean heal() {
        return left.getAndSet(Integer.MAX_VALUE) <= 0;
    }

    /** Bytes allocated and not freed. */
    public long live() {
        return live.get();
    }

    private void allocate(int bytes) {
        if (left.decrementAndGet() == 0) {
            throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes of direct buffer memory (a test)");
        }
        live.addAndGet(bytes);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initial, int max) {
        return new UnpooledHeapByteBuf(this, initial, max) {
            @Override
            protected byte[] allocateArray(int bytes) {
                allocate(bytes);
                return super.allocateArray(bytes);
            }

            @Override
            protected void freeArray(byte[] array) {
                live.addAndGet(-array.length);
                super.freeArray(array);
            }
        };
    }

    /** On the heap as well, where the growing of a buffer can be counted, too. */
    @Override
    protected ByteBuf newDirectBuffer(int initial, int max) {
        return newHeapBuffer(initial, max);
    }
}
