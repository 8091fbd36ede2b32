package io.costoptimal.gateway.load;

import java.util.Arrays;

/** Durations as they come, sorted when asked. Confined to one thread. */
final class Times {

    private long[] nanos = new long[1 << 16];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    /** The given quantiles in microseconds; NaN when there is nothing. */
    double[] micros(double... quantiles) {
        Arrays.sort(nanos, 0, count);
        return Arrays.stream(quantiles)
                .map(quantile -> count == 0 ? Double.NaN : nanos[(int) Math.min(count - 1, quantile * count)] / 1e3)
                .toArray();
    }
}
