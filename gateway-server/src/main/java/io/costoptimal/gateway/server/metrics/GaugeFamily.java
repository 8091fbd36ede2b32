package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.Map;
import java.util.TreeMap;

/** An amount of dollars that may fall, in the making during one scrape: sums by labels. One thread. */
final class GaugeFamily {

    private final MetricMetadata metadata;
    private final String[] labelNames;
    private final Map<Labels, Long> sums = new TreeMap<>();

    /** @param name ends in {@code _usd} */
    GaugeFamily(String name, String help, String... labelNames) {
        metadata = new MetricMetadata(name, help, CounterFamily.USD);
        this.labelNames = labelNames;
    }

    /** Adds {@code nanos} nano-dollars, which may be below 0. */
    void add(long nanos, String... labelValues) {
        sums.merge(Labels.of(labelNames, labelValues), nanos, Long::sum);
    }

    GaugeSnapshot snapshot() {
        return new GaugeSnapshot(
                metadata,
                sums.entrySet().stream()
                        .map(sum -> new GaugeDataPointSnapshot(sum.getValue() / CounterFamily.NANO, sum.getKey(), null))
                        .toList());
    }
}
