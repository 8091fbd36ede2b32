package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import java.util.zip.DataFormatException;

/**
 * Undoes one content coding (RFC 9110, 8.4) for a body that comes in pieces. Confined to one thread. Whoever made it calls
 * {@link #close} once, which gives its native memory back.
 *
 * <p>How much comes out of a piece is the caller's to decide, so that a few bytes cannot make it work, or hold, without bound.
 */
public interface Unpacker extends AutoCloseable {

    /**
     * Unpacks as much as fits. Called again with the same {@code in} until that has no bytes left and this returns 0.
     *
     * @param in borrowed; what was used is skipped
     * @param out borrowed, with room; what came out is appended
     * @return bytes appended; 0 when more of the body is needed
     * @throws DataFormatException when the body is not in this coding, or goes on behind its end
     */
    int unpack(ByteBuf in, ByteBuf out) throws DataFormatException;

    /** Whether all that was unpacked so far is a whole body. */
    boolean whole();

    /** Bytes of native memory held besides the buffers it is given; may grow with the first bytes of the body. */
    int memory();

    @Override
    void close();
}
