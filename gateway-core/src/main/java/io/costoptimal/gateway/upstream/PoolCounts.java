package io.costoptimal.gateway.upstream;

/**
 * What a pool has, and what it has done so far.
 *
 * @param now connections and waiting leases at this moment
 * @param opened connections begun, whether they came to be or not
 * @param reused leases served by a connection that had served another
 * @param poisoned idle connections closed because bytes came that answer nothing
 */
public record PoolCounts(Now now, long opened, long reused, long poisoned) {

    /** What no pool has. */
    public static final PoolCounts NONE = new PoolCounts(new Now(0, 0, 0), 0, 0, 0);

    /**
     * What a pool has at a moment.
     *
     * @param open connections, those being made included
     * @param idle those of them that nobody leases
     * @param waiting leases that wait because all connections that may be open are in use
     */
    public record Now(long open, long idle, long waiting) {}

    /** Connections at this moment, those being made included. */
    public long open() {
        return now.open;
    }

    /** Those of them that nobody leases. */
    public long idle() {
        return now.idle;
    }

    /** Leases that wait at this moment. */
    public long waiting() {
        return now.waiting;
    }

    /** What both have together. */
    public PoolCounts plus(PoolCounts other) {
        return new PoolCounts(
                new Now(now.open + other.now.open, now.idle + other.now.idle, now.waiting + other.now.waiting),
                opened + other.opened,
                reused + other.reused,
                poisoned + other.poisoned);
    }
}
