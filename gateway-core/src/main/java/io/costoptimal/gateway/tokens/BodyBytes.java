package io.costoptimal.gateway.tokens;

import io.netty.buffer.ByteBuf;

/**
 * The bytes of one body, copied out of its buffers a little at a time, so that a long body is never in memory twice.
 * Confined to one thread. Fast for whoever reads on in order.
 */
final class BodyBytes {

    /** What {@link #at} returns behind the last byte. */
    static final int END = -1;

    private static final int CHUNK = 4096;

    private final ByteBuf body;
    private final int start;
    private final int length;
    private final byte[] chunk;
    private int from;
    private int to;

    /** Borrows {@code body} for its own life. */
    BodyBytes(ByteBuf body) {
        this.body = body;
        start = body.readerIndex();
        length = body.readableBytes();
        chunk = new byte[Math.min(CHUNK, length)];
    }

    int length() {
        return length;
    }

    /** The byte at {@code index}, 0 to 255, or {@link #END}. */
    int at(int index) {
        if (index < from || index >= to) {
            if (index >= length) {
                return END;
            }
            load(index);
        }
        return chunk[index - from] & 0xff;
    }

    private void load(int index) {
        from = index;
        to = Math.min(length, index + chunk.length);
        body.getBytes(start + from, chunk, 0, to - from);
    }
}
