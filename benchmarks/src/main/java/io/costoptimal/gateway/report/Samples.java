package io.costoptimal.gateway.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Figures of one thing, over iterations and rounds; the median speaks for them. NaN keeps the place of a round that does not
 * count. Confined to one thread.
 */
final class Samples {

    private final List<Double> values = new ArrayList<>();

    void add(List<Double> more) {
        values.addAll(more);
    }

    /** In the order of the rounds. */
    List<Double> values() {
        return List.copyOf(values);
    }

    /** NaN without samples. */
    double median() {
        return quantile(values, 0.5);
    }

    /** Between the two nearest, in proportion; what is no number does not count; NaN without any. */
    static double quantile(List<Double> values, double quantile) {
        double[] sorted = values.stream()
                .mapToDouble(value -> value)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = quantile * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
