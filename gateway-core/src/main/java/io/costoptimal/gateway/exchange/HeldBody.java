package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A request body, held until it is understood and until no other provider can need it. Owned by the event loop of its
 * exchange; the one release point is {@link #release()}.
 *
 * <p>What is held pins a small multiple of its length, usually about as much and never more than about four times,
 * however small the pieces in which it came: see {@link #addCompact}.
 */
public final class HeldBody {

    /** Smaller pieces are copied together whatever they pin, so that bytes sent one by one do not become objects. */
    private static final int SMALL = 512;

    private static final int MAX_TAIL = 64 * 1024;

    private final List<ByteBuf> pieces = new ArrayList<>(4);
    private final IntConsumer onRelease;
    private ByteBuf tail;
    private int length;

    public HeldBody() {
        this(released -> {});
    }

    /** @param onRelease told, once, how many bytes are held no longer */
    public HeldBody(IntConsumer onRelease) {
        this.onRelease = onRelease;
    }

    /** Takes {@code piece}; it is read by nobody else from now on. */
    public void add(ByteBuf piece) {
        length += piece.readableBytes();
        pieces.add(piece);
        tail = null;
    }

    /**
     * Takes {@code piece}, and copies it if keeping it would pin a receive buffer that is mostly something else.
     *
     * @param alloc where copies live
     */
    public void addCompact(ByteBuf piece, ByteBufAllocator alloc) {
        int n = piece.readableBytes();
        boolean roomInTail = tail != null && tail.writableBytes() >= n;
        if (n >= SMALL && pinned(piece) / 2 <= n && !roomInTail) {
            add(piece);
            return;
        }
        try {
            copy(piece, alloc);
        } finally {
            piece.release();
        }
    }

    /** Bytes of the memory that a reference to {@code piece} keeps alive. */
    private static int pinned(ByteBuf piece) {
        ByteBuf root = piece;
        while (root.unwrap() != null) {
            root = root.unwrap();
        }
        return root.capacity();
    }

    /** Each new tail is as long as all before it, so that their number stays small and their slack below half. */
    private void copy(ByteBuf piece, ByteBufAllocator alloc) {
        int at = piece.readerIndex();
        int left = piece.readableBytes();
        while (left > 0) {
            if (tail == null || !tail.isWritable()) {
                int room = Math.max(left, Math.min(length, MAX_TAIL));
                tail = alloc.ioBuffer(room, room);
                pieces.add(tail);
            }
            int n = Math.min(left, tail.writableBytes());
            tail.writeBytes(piece, at, n);
            at += n;
            left -= n;
            length += n;
        }
    }

    /** Number of bytes held. */
    public int length() {
        return length;
    }

    /**
     * Returns all bytes as one buffer, without a copy, to be released by whoever gets it. It outlives this body, so it is the
     * way to another thread; nobody changes what it shows.
     */
    public ByteBuf share() {
        return Unpooled.wrappedBuffer(copyForWrite().toArray(new ByteBuf[0]));
    }

    /** Appends a copy of all bytes to {@code out}, which is borrowed. */
    public void copyTo(ByteBuf out) {
        for (int i = 0; i < pieces.size(); i++) {
            ByteBuf piece = pieces.get(i);
            out.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
        }
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
        for (int i = 0; i < pieces.size(); i++) {
            pieces.get(i).release();
        }
        pieces.clear();
        tail = null;
        int released = length;
        length = 0;
        if (released > 0) {
            onRelease.accept(released);
        }
    }
}
