package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.ByteBudget;
import java.util.Arrays;

/** Bytes that grow up to a limit, of memory that is counted. Confined to one event loop. */
final class BoundedBytes {

    private static final int FIRST = 256;

    private final ByteBudget memory;
    private final int limit;
    private byte[] bytes = {};
    private int length;

    /** @param limit the most bytes there may be */
    BoundedBytes(ByteBudget memory, int limit) {
        this.memory = memory;
        this.limit = limit;
    }

    /** Adds the bytes from {@code from} to {@code end}, or as many of them as there is room for; returns how many. */
    int add(byte[] added, int from, int end) {
        int n = Math.min(end - from, room(end - from));
        System.arraycopy(added, from, bytes, length, n);
        length += n;
        return n;
    }

    /** Makes room for {@code wanted} bytes if that may be, and returns how many there is room for. */
    private int room(int wanted) {
        int needed = Math.min(limit, length + wanted);
        if (needed > bytes.length) {
            int grown = Math.min(limit, Math.max(FIRST, Math.max(needed, 2 * bytes.length)));
            if (memory.take(grown - bytes.length)) {
                bytes = Arrays.copyOf(bytes, grown);
            }
        }
        return bytes.length - length;
    }

    int length() {
        return length;
    }

    /** Of which the first {@link #length} count. Valid until the next {@link #add}. */
    byte[] array() {
        return bytes;
    }

    /** Forgets the bytes from {@code length} on, and keeps the memory. */
    void cut(int length) {
        this.length = length;
    }

    /** Returns the array, whose memory is the caller's to give back. */
    byte[] take() {
        byte[] taken = bytes;
        bytes = new byte[0];
        length = 0;
        return taken;
    }

    /** Gives the memory back. */
    void release() {
        memory.giveBack(take().length);
    }
}
