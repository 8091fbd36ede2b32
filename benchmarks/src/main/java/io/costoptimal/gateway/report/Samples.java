package io.costoptimal.gateway.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Figures of one thing, over iterations and rounds; the median speaks for them. Confined to one thread. */
final class Samples {

    private final List<Double> values = new ArrayList<>();

    void add(List<Double> more) {
        values.addAll(more);
        Collections.sort(values);
    }

    /** NaN without samples. */
    double median() {
        int n = values.size();
        return n == 0 ? Double.NaN : (values.get((n - 1) / 2) + values.get(n / 2)) / 2;
    }
}
