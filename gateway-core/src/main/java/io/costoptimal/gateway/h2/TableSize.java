package io.costoptimal.gateway.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/**
 * How the header blocks of one connection begin, and the few that Netty wants written. Confined to the connection's event
 * loop.
 *
 * <p>No block uses the table that HPACK lets a client offer. A client that makes its table smaller waits for the next block
 * to begin with the size that is used from then on, and takes anything else for an error of the connection (RFC 9113, 4.3.1).
 * It is told 0, which is within every size that it may have named.
 */
final class TableSize implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {

    /** The size 0 (RFC 7541, 6.3). */
    private static final int NO_TABLE = 0x20;

    private static final long UNLIMITED = 0xffff_ffffL;

    private boolean owed;

    /**
     * Returns {@code block} as it is to be sent.
     *
     * @param block takes; begins with {@link Frames#HEADER} bytes to be written over
     */
    ByteBuf begin(ByteBufAllocator alloc, ByteBuf block) {
        if (!owed) {
            return block;
        }
        ByteBuf begun = alloc.ioBuffer(block.readableBytes() + 1);
        begun.writeBytes(block, Frames.HEADER);
        tell(begun);
        begun.writeBytes(block);
        block.release();
        return begun;
    }

    private void tell(ByteBuf out) {
        if (owed) {
            owed = false;
            out.writeByte(NO_TABLE);
        }
    }

    /** Netty answers trailers that are too long, with a status alone. */
    @Override
    public void encodeHeaders(int stream, Http2Headers headers, ByteBuf out) {
        tell(out);
        new HeaderBlock(out).status(Integer.parseInt(headers.status().toString()));
    }

    @Override
    public Http2HeadersEncoder.Configuration configuration() {
        return this;
    }

    /** The client's SETTINGS name a size: whether it is the smallest of several in one frame cannot be known here. */
    @Override
    public void maxHeaderTableSize(long size) {
        owed = true;
    }

    @Override
    public long maxHeaderTableSize() {
        return 0;
    }

    /** What a client says of the length of heads is advice (RFC 9113, 6.5.2), which a provider's answer does not know. */
    @Override
    public void maxHeaderListSize(long size) {}

    @Override
    public long maxHeaderListSize() {
        return UNLIMITED;
    }
}
