package io.costoptimal.gateway.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples by proxy and measure, one for each round, NaN for a round that does not count. Confined to one thread. */
final class Stats {

    private final Map<String, Map<String, List<Double>>> samples = new LinkedHashMap<>();

    /** With a row for each proxy as it comes. */
    Stats() {}

    /** With rows for {@code proxies} in this order, whichever has its turn first. */
    Stats(List<String> proxies) {
        proxies.forEach(proxy -> samples.put(proxy, new LinkedHashMap<>()));
    }

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

    /** The one added last; NaN without any. */
    double last(String proxy, String measure) {
        List<Double> all = all(proxy, measure);
        return all.isEmpty() ? Double.NaN : all.get(all.size() - 1);
    }
}
