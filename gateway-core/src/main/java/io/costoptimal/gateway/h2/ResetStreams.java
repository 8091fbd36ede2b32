package io.costoptimal.gateway.h2;

/** The streams that were reset last, whose clients may not know yet. Confined to the connection's event loop. */
final class ResetStreams {

    private static final int SLOTS = 256;

    private final int[] ids = new int[SLOTS];
    private int next;

    void add(int id) {
        ids[next++ & SLOTS - 1] = id;
    }

    boolean contains(int id) {
        for (int known : ids) {
            if (known == id) {
                return true;
            }
        }
        return false;
    }
}
