package io.costoptimal.gateway.server.metrics;

import java.util.Arrays;

/** A histogram of times, one thread's own to write and anybody's to read. */
final class Times {

    /** Upper bounds in seconds: from an answer out of a cache to half an hour of reasoning. */
    static final double[] SECONDS = {
        .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, Double.POSITIVE_INFINITY
    };

    private static final long[] NANOS =
            Arrays.stream(SECONDS).mapToLong(seconds -> (long) (seconds * 1e9)).toArray();

    private static final int SUM = NANOS.length;

    private final Cells cells = new Cells(NANOS.length + 1);

    /** Adds one time; by the owner alone. */
    void add(long nanos) {
        int bucket = 0;
        while (nanos > NANOS[bucket]) {
            bucket++;
        }
        cells.add(bucket, 1);
        cells.add(SUM, nanos);
    }

    /** Times in {@code bucket}, those of lower buckets not included. */
    long count(int bucket) {
        return cells.get(bucket);
    }

    long sumNanos() {
        return cells.get(SUM);
    }
}
