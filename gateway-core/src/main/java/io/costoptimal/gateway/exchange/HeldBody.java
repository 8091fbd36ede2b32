package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request body, held until it is understood and until no other provider can need it. Owned by the event loop of its
 * exchange; the one release point is {@link #release()}.
 *
 * <p>A piece is kept in the buffer in which it was read if that buffer holds little else, and copied if not. What counts
 * against {@link BodyMemory} is the memory kept, not the length of the body.
 */
public final class HeldBody implements BodyStart {

    /** The longest body, in bytes, that is not large. */
    public static final int SHORT = 64 * 1024;

    /** Smaller pieces are copied together whatever they pin, so that bytes sent one by one do not become objects. */
    private static final int SMALL = 512;

    private static final int MAX_TAIL = 64 * 1024;

    /** From this length on a buffer is kept only if nearly all of it was used; for shorter bodies half of it is enough. */
    private static final int LONG = 1024 * 1024;

    private final List<ByteBuf> pieces = new ArrayList<>(4);
    private final BodyMemory memory;
    private boolean large;
    private int taken;
    private ByteBuf tail;
    /** The buffer that the last piece was kept in, and that is paid for. */
    private ByteBuf lastKept;

    private int length;

    /** Who still holds the bytes, this body included; {@code null} unless they were shared. */
    private AtomicInteger holders;

    /** A body whose memory nobody counts. */
    public HeldBody() {
        this(BodyMemory.UNLIMITED, 0);
    }

    /**
     * @param memory asked for every piece, and told at the release
     * @param announced length that the client announced; 0 when it did not
     */
    public HeldBody(BodyMemory memory, long announced) {
        this.memory = memory;
        this.large = announced > SHORT;
    }

    /** Takes {@code piece}, whose memory is not counted; it is read by nobody else from now on. */
    public void add(ByteBuf piece) {
        length += piece.readableBytes();
        pieces.add(piece);
        tail = null;
    }

    /**
     * Takes {@code piece} and holds it, or a copy of it if keeping it would pin a buffer that is mostly something else.
     *
     * @param alloc where copies live
     * @return false when there is no memory for it; what was held before stays
     */
    public boolean hold(ByteBuf piece, ByteBufAllocator alloc) {
        boolean kept = false;
        try {
            int n = piece.readableBytes();
            ByteBuf buffer = buffer(piece);
            boolean keep = n >= SMALL && !hasRoomInTail(n) && isMostlyUsed(buffer, n);
            if (!take(keep ? costOfKeeping(buffer) : costOfCopying(n), n)) {
                return false;
            }
            if (keep) {
                add(piece);
                lastKept = buffer;
                kept = true;
            } else {
                copy(piece, alloc);
            }
            return true;
        } finally {
            if (!kept) {
                piece.release();
            }
        }
    }

    private boolean hasRoomInTail(int n) {
        return tail != null && tail.writableBytes() >= n;
    }

    /** Takes memory for {@code n} more bytes of body. The body may become a large one by them, with all it has taken. */
    private boolean take(int cost, int n) {
        if (large || length + n <= SHORT) {
            return taken(memory.take(cost, large), cost);
        }
        if (!memory.take(taken + cost, true)) {
            return false;
        }
        memory.giveBack(taken, false);
        large = true;
        return taken(true, cost);
    }

    private boolean taken(boolean granted, int cost) {
        if (granted) {
            taken += cost;
        }
        return granted;
    }

    /** The buffer that {@code piece} is a part of, and keeps from being reused. */
    private static ByteBuf buffer(ByteBuf piece) {
        ByteBuf root = piece;
        while (root.unwrap() != null) {
            root = root.unwrap();
        }
        return root;
    }

    private boolean isMostlyUsed(ByteBuf buffer, int n) {
        int capacity = buffer.capacity();
        return length < LONG ? capacity / 2 <= n : buffer.writerIndex() >= capacity - capacity / 8;
    }

    /** A buffer is paid for once, however many pieces of it come one after another. */
    private int costOfKeeping(ByteBuf buffer) {
        return buffer == lastKept ? 0 : buffer.capacity();
    }

    private int costOfCopying(int n) {
        int left = n - (tail == null ? 0 : tail.writableBytes());
        return left <= 0 ? 0 : roomFor(left, length + n - left);
    }

    /** Each new tail is as long as all before it, so that their number stays small and their slack below half. */
    private static int roomFor(int left, int length) {
        return Math.max(left, Math.min(length, MAX_TAIL));
    }

    /** Borrows {@code piece}. */
    private void copy(ByteBuf piece, ByteBufAllocator alloc) {
        int at = piece.readerIndex();
        int left = piece.readableBytes();
        while (left > 0) {
            if (tail == null || !tail.isWritable()) {
                int room = roomFor(left, length);
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

    @Override
    public int copyStart(byte[] into) {
        int copied = 0;
        for (int i = 0; i < pieces.size() && copied < into.length; i++) {
            ByteBuf piece = pieces.get(i);
            int n = Math.min(piece.readableBytes(), into.length - copied);
            piece.getBytes(piece.readerIndex(), into, copied, n);
            copied += n;
        }
        return copied;
    }

    /**
     * Returns all bytes as one buffer, without a copy: the way to another thread. Nobody changes what it shows. It outlives
     * this body, and its memory counts as taken until both are released.
     */
    public SharedBody share() {
        if (holders == null) {
            holders = new AtomicInteger(1);
        }
        holders.incrementAndGet();
        return new SharedBody(Unpooled.wrappedBuffer(copyForWrite(List.of()).toArray(new ByteBuf[0])), this, taken);
    }

    /** Any thread. Whoever is the last to let go gives the memory back. */
    void letGo(int bytes) {
        if (holders.decrementAndGet() == 0) {
            memory.giveBack(bytes, large);
        }
    }

    /**
     * How many bytes go out with {@code edits}.
     *
     * @throws IllegalArgumentException when the edits are out of order, overlap, or go beyond the body, which is a defect
     */
    public int lengthWith(List<BodyEdit> edits) {
        return BodyEdit.lengthWith(edits, length);
    }

    /**
     * Appends a copy of all bytes, changed by {@code edits}, to {@code out}, which is borrowed.
     *
     * @throws IllegalArgumentException as {@link #lengthWith} does; nothing was written then
     */
    public void copyTo(ByteBuf out, List<BodyEdit> edits) {
        lengthWith(edits);
        EditedPieces.copy(pieces, length, edits, out);
    }

    /**
     * Returns the bytes, changed by {@code edits}, as buffers to write, each to be released by whoever writes it; this body
     * stays as it is.
     *
     * @throws IllegalArgumentException as {@link #lengthWith} does
     */
    public List<ByteBuf> copyForWrite(List<BodyEdit> edits) {
        lengthWith(edits);
        List<ByteBuf> out = new ArrayList<>(pieces.size() + 2 * edits.size());
        EditedPieces.slice(pieces, length, edits, out);
        return out;
    }

    /** Releases every piece; the body is empty afterwards, and a second call does nothing. */
    public void release() {
        for (int i = 0; i < pieces.size(); i++) {
            pieces.get(i).release();
        }
        pieces.clear();
        tail = null;
        lastKept = null;
        length = 0;
        int released = taken;
        taken = 0;
        if (released > 0 && holders == null) {
            memory.giveBack(released, large);
        } else if (released > 0) {
            letGo(released);
        }
    }
}
