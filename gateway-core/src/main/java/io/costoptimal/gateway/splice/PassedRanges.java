package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.account.ExtraUsage;
import io.costoptimal.gateway.http.PayloadSink;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * Which bytes of one read of a chat stream the client gets: all but the event that tells usage. Confined to the event loop of
 * the exchange; cleared between reads, and knows then only whether the present event was open before.
 *
 * <p>A range is two numbers: the index of its first byte in the buffer that was read, and that just past its last.
 */
final class PassedRanges implements PayloadSink {

    private static final int NONE = -1;

    // Looking at an array is several times faster than asking a direct buffer for byte after byte.
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[8 * 1024];
        }
    };

    private final ExtraUsage events = new ExtraUsage();

    /** Ranges in order; those from {@link #open} on are open. */
    private int[] ranges = new int[8];

    private int count;
    private int open = NONE;
    private boolean leftOut;
    /** What becomes of the bytes that former reads left open; {@link ExtraUsage.Fate#OPEN} while it is not known. */
    private ExtraUsage.Fate former = ExtraUsage.Fate.PASSES;

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        if (buf.hasArray()) {
            look(buf.array(), buf.arrayOffset() + index, length, index);
            return;
        }
        byte[] scratch = SCRATCH.get();
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, scratch.length);
            buf.getBytes(index + done, scratch, 0, n);
            look(scratch, 0, n, index + done);
            done += n;
        }
    }

    /** @param index in the buffer of what stands at {@code from} in {@code bytes} */
    private void look(byte[] bytes, int from, int length, int index) {
        int end = from + length;
        for (int i = from; i < end; ) {
            int next = events.read(bytes, i, end);
            int at = index + i - from;
            switch (events.fate()) {
                case PASSES -> {
                    settle(ExtraUsage.Fate.PASSES);
                    add(at, at + next - i);
                }
                case OPEN -> {
                    open = open == NONE ? count : open;
                    add(at, at + next - i);
                }
                case EXTRA -> {
                    count = open == NONE ? count : open;
                    settle(ExtraUsage.Fate.EXTRA);
                    leftOut = true;
                }
            }
            i = next;
        }
    }

    private void settle(ExtraUsage.Fate fate) {
        former = former == ExtraUsage.Fate.OPEN ? fate : former;
        open = NONE;
    }

    private void add(int from, int to) {
        if (count > 0 && ranges[count - 1] == from && open != count) {
            ranges[count - 1] = to;
            return;
        }
        if (count == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * count);
        }
        ranges[count++] = from;
        ranges[count++] = to;
    }

    /** Whether all that was read last passes. */
    boolean all() {
        return !leftOut && open == NONE && former == ExtraUsage.Fate.PASSES;
    }

    /** Whether what is open is all of the event but for the blank line behind it. */
    boolean openIsExtra() {
        return events.extraSoFar();
    }

    /** What becomes of the bytes that former reads left open; {@link ExtraUsage.Fate#OPEN} while it is not known. */
    ExtraUsage.Fate former() {
        return former;
    }

    /** Bytes that pass, those of former reads apart. */
    int length() {
        return sum(0, passed());
    }

    /** Bytes of the event that is open, as far as they were read last. */
    int openLength() {
        return sum(passed(), count);
    }

    private int passed() {
        return open == NONE ? count : open;
    }

    private int sum(int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += ranges[i + 1] - ranges[i];
        }
        return sum;
    }

    /** Copies what passes. */
    void copyTo(ByteBuf read, ByteBuf out) {
        copy(read, 0, passed(), out);
    }

    /** Copies what is open. */
    void copyOpenTo(ByteBuf read, ByteBuf out) {
        copy(read, passed(), count, out);
    }

    private void copy(ByteBuf read, int from, int to, ByteBuf out) {
        for (int i = from; i < to; i += 2) {
            out.writeBytes(read, ranges[i], ranges[i + 1] - ranges[i]);
        }
    }

    /** Another read begins. */
    void nextRead() {
        boolean stillOpen = open != NONE || former == ExtraUsage.Fate.OPEN;
        former = stillOpen ? ExtraUsage.Fate.OPEN : ExtraUsage.Fate.PASSES;
        count = 0;
        open = NONE;
        leftOut = false;
    }
}
