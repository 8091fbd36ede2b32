package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Collects the data of a chunked body without its framing, for a client that takes no chunks (trap 46): the sink of a
 * {@link ChunkScanner}. Confined to one event loop. Copies, since such clients are few and a chunk may be a byte.
 */
public final class Dechunker implements PayloadSink {

    private final ByteBufAllocator alloc;
    private ByteBuf data;

    public Dechunker(ByteBufAllocator alloc) {
        this.alloc = alloc;
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        if (data == null) {
            data = alloc.ioBuffer(buf.readableBytes());
        }
        data.writeBytes(buf, index, length);
    }

    /** Returns what was collected since the last call, the caller's from now on; empty when there was nothing. */
    public ByteBuf take() {
        ByteBuf taken = data;
        data = null;
        return taken == null ? Unpooled.EMPTY_BUFFER : taken;
    }
}
