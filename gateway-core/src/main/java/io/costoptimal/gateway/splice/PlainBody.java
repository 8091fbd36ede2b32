package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.http.Unpacker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.zip.DataFormatException;

/**
 * The body of an error answer, unpacked.
 *
 * @param bytes {@code null} when the coding is none that can be undone
 * @param whole whether nothing is missing
 */
record PlainBody(byte[] bytes, boolean whole) {

    /** Bytes for which room is made at a time. */
    private static final int STEP = 4096;

    /**
     * Unpacks {@code body}, of which there may not be all.
     *
     * @param whole whether it is all
     */
    static PlainBody of(byte[] body, boolean whole, ContentCoding coding) {
        if (coding == ContentCoding.IDENTITY) {
            return new PlainBody(body, whole);
        }
        if (coding == ContentCoding.UNKNOWN) {
            return new PlainBody(null, false);
        }
        // Some unpackers write to direct memory only.
        ByteBuf plain = Unpooled.directBuffer(STEP, ErrorAnswer.MAX_BODY);
        try {
            boolean all = unpack(coding, Unpooled.wrappedBuffer(body), plain);
            return new PlainBody(ByteBufUtil.getBytes(plain), whole && all);
        } finally {
            plain.release();
        }
    }

    /** Returns whether {@code plain} has all there is. What comes out before a fault counts. */
    private static boolean unpack(ContentCoding coding, ByteBuf in, ByteBuf plain) {
        try (Unpacker unpacker = coding.unpacker()) {
            int n = 1;
            while (n > 0 && plain.readableBytes() < plain.maxCapacity()) {
                plain.ensureWritable(Math.min(STEP, plain.maxWritableBytes()));
                n = unpacker.unpack(in, plain);
            }
            return unpacker.whole();
        } catch (DataFormatException e) {
            return false;
        }
    }

    /** Whether the coding could be undone. */
    boolean readable() {
        return bytes != null;
    }
}
