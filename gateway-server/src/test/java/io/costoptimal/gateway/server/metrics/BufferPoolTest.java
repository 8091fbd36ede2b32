package io.costoptimal.gateway.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

    private static final int PAGE = 8 * 1024;
    private static final int CHUNK = PAGE << 4;

    /** One arena, chunks of 128 KB, and threads that keep nothing. */
    private final PooledByteBufAllocator pool = new PooledByteBufAllocator(true, 0, 1, PAGE, 4, 0, 0, false);

    @Test
    void tellsWhatIsInBuffersFromWhatIsFreeAndKept() {
        ByteBuf pages = pool.directBuffer(4 * PAGE);
        // Whole pages, too: the last one that is cut into smaller buffers stays taken.
        ByteBuf more = pool.directBuffer(8 * PAGE);
        assertThat(BufferPool.activeBytes(pool.metric())).isEqualTo(12 * PAGE);

        pages.release();
        assertThat(BufferPool.activeBytes(pool.metric())).isEqualTo(8 * PAGE);
        assertThat(pool.metric().usedDirectMemory()).isEqualTo(CHUNK);

        more.release();
        assertThat(BufferPool.activeBytes(pool.metric())).isZero();
    }

    @Test
    void countsBuffersThatAreTooLargeForAChunk() {
        ByteBuf large = pool.directBuffer(10 * CHUNK);
        assertThat(BufferPool.activeBytes(pool.metric())).isEqualTo(10 * CHUNK);

        large.release();
        assertThat(BufferPool.activeBytes(pool.metric())).isZero();
    }
}
