package io.costoptimal.gateway.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How many times a baseline something was, round by round: what disturbs a whole round falls out, and the quartiles say how
 * much is left. NaN, all three, when no round has both.
 *
 * @param low a quarter of the rounds is below
 * @param high a quarter of the rounds is above
 */
record Ratio(double low, double median, double high) {

    /** @param values one for each round, NaN where it does not count; likewise {@code baseline} */
    static Ratio of(List<Double> values, List<Double> baseline) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), baseline.size()); i++) {
            ratios.add(values.get(i) / baseline.get(i));
        }
        return new Ratio(Samples.quantile(ratios, 0.25), Samples.quantile(ratios, 0.5), Samples.quantile(ratios, 0.75));
    }

    /** With the quartiles. */
    String spread() {
        return Figure.ratio(median) + ", " + Figure.ratio(low) + "–" + Figure.ratio(high);
    }
}
