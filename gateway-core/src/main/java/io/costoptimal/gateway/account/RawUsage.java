package io.costoptimal.gateway.account;

import java.util.Arrays;

/** Keeps the last usage object of an answer as the provider wrote it. Confined to the event loop of its exchange. */
final class RawUsage {

    /** Longer objects are not kept. */
    static final int LONGEST = 2 * 1024;

    private static final int NOT_OPEN = -1;

    private byte[] bytes = new byte[256];
    private int length;
    /** Where in the present piece the object goes on; {@link #NOT_OPEN} when none is open. */
    private int from = NOT_OPEN;

    private byte[] last;

    /** An object begins at {@code index} of the present piece. */
    void begin(int index) {
        from = index;
        length = 0;
    }

    /** The object ends before {@code behind}. */
    void end(byte[] piece, int behind) {
        add(piece, behind);
        from = NOT_OPEN;
        last = length <= LONGEST ? Arrays.copyOf(bytes, length) : null;
    }

    /** A piece begins at {@code index}. */
    void pieceBegins(int index) {
        if (from != NOT_OPEN) {
            from = index;
        }
    }

    /** The piece ends at {@code end}. */
    void pieceEnds(byte[] piece, int end) {
        if (from != NOT_OPEN) {
            add(piece, end);
        }
    }

    /** The document has ended, and with it what is still open. */
    void drop() {
        from = NOT_OPEN;
    }

    private void add(byte[] piece, int end) {
        int n = end - from;
        if (length + n > LONGEST) {
            length = LONGEST + 1;
            return;
        }
        if (length + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(LONGEST, Math.max(length + n, 2 * bytes.length)));
        }
        System.arraycopy(piece, from, bytes, length, n);
        length += n;
    }

    /** The last whole object; {@code null} when there was none, or it was too long. */
    byte[] last() {
        return last;
    }
}
