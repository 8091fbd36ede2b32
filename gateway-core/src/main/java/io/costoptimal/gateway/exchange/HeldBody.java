package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * A request body, held until it is understood and until no other provider can need it. Owned by the event loop of its
 * exchange; the one release point is {@link #release()}.
 */
public final class HeldBody {

    private final List<ByteBuf> pieces = new ArrayList<>(4);
    private int length;

    /** Takes {@code piece}; it is read by nobody else from now on. */
    public void add(ByteBuf piece) {
        length += piece.readableBytes();
        pieces.add(piece);
    }

    /** Number of bytes held. */
    public int length() {
        return length;
    }

    /** Returns a new array with all bytes. */
    public byte[] toArray() {
        byte[] all = new byte[length];
        int at = 0;
        for (ByteBuf piece : pieces) {
            int n = piece.readableBytes();
            piece.getBytes(piece.readerIndex(), all, at, n);
            at += n;
        }
        return all;
    }

    /** Returns the bytes as buffers to write, each to be released by whoever writes it; this body stays as it is. */
    public List<ByteBuf> copyForWrite() {
        List<ByteBuf> out = new ArrayList<>(pieces.size());
        for (ByteBuf piece : pieces) {
            out.add(piece.retainedDuplicate());
        }
        return out;
    }

    /**
     * Like {@link #copyForWrite()}, with the bytes from {@code start} to {@code end} replaced.
     *
     * @param start offset of the first byte left out
     * @param end offset of the first byte after those left out
     */
    public List<ByteBuf> copyForWrite(int start, int end, byte[] replacement) {
        List<ByteBuf> out = new ArrayList<>(pieces.size() + 2);
        int at = 0;
        for (ByteBuf piece : pieces) {
            int first = piece.readerIndex() - at;
            int next = at + piece.readableBytes();
            if (at < start) {
                out.add(piece.retainedSlice(first + at, Math.min(next, start) - at));
            }
            if (at <= start && start < next) {
                out.add(Unpooled.wrappedBuffer(replacement));
            }
            if (end < next) {
                int from = Math.max(at, end);
                out.add(piece.retainedSlice(first + from, next - from));
            }
            at = next;
        }
        return out;
    }

    /** Releases every piece; the body is empty afterwards, and a second call does nothing. */
    public void release() {
        for (ByteBuf piece : pieces) {
            piece.release();
        }
        pieces.clear();
        length = 0;
    }
}
