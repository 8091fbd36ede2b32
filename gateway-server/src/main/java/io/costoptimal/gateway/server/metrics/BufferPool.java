package io.costoptimal.gateway.server.metrics;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PoolChunkListMetric;
import io.netty.buffer.PoolChunkMetric;
import io.netty.buffer.PooledByteBufAllocatorMetric;

/** How much of the memory that a pool of network buffers has taken from the system is in use. Any thread. */
final class BufferPool {

    private BufferPool() {}

    /**
     * Bytes of the direct memory of {@code pool} that no new buffer can be cut from: buffers in use, those that a thread keeps
     * for its next use, and what a page that is cut into small buffers has left. The rest of what the pool has taken is free,
     * and only waits for its neighbours to be given back to the system with them.
     */
    static long activeBytes(PooledByteBufAllocatorMetric pool) {
        long bytes = 0;
        for (PoolArenaMetric arena : pool.directArenas()) {
            // Whole chunks, and buffers that are too large for one.
            bytes += arena.numActiveBytes();
            for (PoolChunkListMetric chunks : arena.chunkLists()) {
                for (PoolChunkMetric chunk : chunks) {
                    bytes -= chunk.freeBytes();
                }
            }
        }
        return Math.max(0, bytes);
    }
}
