package io.costoptimal.gateway.account;

import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.http.PayloadSink;
import io.costoptimal.gateway.http.Unpacker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.zip.DataFormatException;

/**
 * Unpacks a copy of a compressed answer beside the stream, for whoever reads its payload. Confined to the event loop of its
 * exchange; {@link #over} gives the unpacker's 44 KB back.
 *
 * <p>Nothing depends on it: what cannot be unpacked, or becomes absurdly long, is not read any further.
 */
public final class UnpackedPayload implements PayloadSink {

    private static final int SCRATCH_BYTES = 8 * 1024;

    /** Unpacked bytes that are read whatever they came from. */
    private static final int FREE_BYTES = 256 * 1024;
    /** Beyond those, so many for each byte that came. */
    private static final int MAX_RATIO = 100;

    private static final FastThreadLocal<ByteBuf> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.buffer(SCRATCH_BYTES, SCRATCH_BYTES);
        }
    };

    private final Unpacker unpacker;
    private final PayloadSink next;
    private long packed;
    private long unpacked;
    private boolean closed;
    private boolean gaveUp;

    /**
     * One for an answer in {@code coding}, which must be one that {@link #reads} is true of.
     *
     * @param next gets the unpacked payload
     */
    public UnpackedPayload(ContentCoding coding, PayloadSink next) {
        this.unpacker = coding.unpacker();
        this.next = next;
    }

    /** Whether answers in {@code coding} can be read so: those whose unpacker holds little memory. */
    public static boolean reads(ContentCoding coding) {
        return coding == ContentCoding.GZIP || coding == ContentCoding.DEFLATE;
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        if (closed) {
            return;
        }
        packed += length;
        ByteBuf in = buf.slice(index, length);
        ByteBuf out = SCRATCH.get();
        try {
            int n;
            while ((n = unpacker.unpack(in, out.clear())) > 0) {
                next.payload(out, 0, n);
                unpacked += n;
                if (unpacked > FREE_BYTES && unpacked / MAX_RATIO > packed) {
                    giveUp();
                    return;
                }
            }
        } catch (DataFormatException e) {
            giveUp();
        }
    }

    private void giveUp() {
        gaveUp = true;
        close();
    }

    /** Whether the rest could not be read, or was too much. */
    boolean gaveUp() {
        return gaveUp;
    }

    @Override
    public void over() {
        close();
    }

    private void close() {
        closed = true;
        unpacker.close();
    }
}
