package io.costoptimal.gateway.inspect;

/** Which objects and arrays are open: one bit each, so that depth costs nothing. Owned by its scanner's thread. */
final class Nesting {

    private final long[] objects;
    private final int limit;
    private int depth;

    /** @param limit of open objects and arrays */
    Nesting(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("json_depth: " + limit + " (expected: > 0)");
        }
        this.limit = limit;
        this.objects = new long[(limit + Long.SIZE - 1) / Long.SIZE];
    }

    void clear() {
        depth = 0;
    }

    /** Opens one more; false when that is one too many. */
    boolean open(boolean object) {
        if (depth == limit) {
            return false;
        }
        long bit = 1L << depth;
        int word = depth / Long.SIZE;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
        depth++;
        return true;
    }

    /** Closes the innermost. */
    void close() {
        depth--;
    }

    int depth() {
        return depth;
    }

    /** Whether the innermost is an object; asked only while one is open. */
    boolean inObject() {
        int top = depth - 1;
        return (objects[top / Long.SIZE] >>> top & 1) != 0;
    }
}
