package io.costoptimal.gateway.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples by proxy and measure, over interleaved rounds; answers medians and ratios of medians. */
final class Stats {

    private final Map<String, Map<String, List<Double>>> samples = new LinkedHashMap<>();

    void add(String proxy, String measure, double value) {
        samples.computeIfAbsent(proxy, p -> new LinkedHashMap<>())
                .computeIfAbsent(measure, m -> new ArrayList<>())
                .add(value);
    }

    List<String> proxies() {
        return List.copyOf(samples.keySet());
    }

    List<String> measures() {
        return samples.values().stream()
                .flatMap(m -> m.keySet().stream())
                .distinct()
                .toList();
    }

    List<Double> all(String proxy, String measure) {
        return samples.getOrDefault(proxy, Map.of()).getOrDefault(measure, List.of());
    }

    /** The median over rounds; NaN without samples. */
    double median(String proxy, String measure) {
        List<Double> sorted = new ArrayList<>(all(proxy, measure));
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Median against the median of {@code baseline}; NaN when either is missing. */
    double ratio(String proxy, String baseline, String measure) {
        return median(proxy, measure) / median(baseline, measure);
    }
}
