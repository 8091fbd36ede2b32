package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.TreeMap;

/** A counter in the making during one scrape: sums by labels. One thread. */
final class CounterFamily {

    static final Unit USD = new Unit("usd");

    /** Nano-dollars of a dollar. Scrapes are floating-point numbers; what they are made of is not. */
    static final double NANO = 1e9;

    private final MetricMetadata metadata;
    private final double divisor;
    private final String[] labelNames;
    private final Map<Labels, Long> sums = new TreeMap<>();

    /** @param name without {@code _total}, which the text formats add */
    CounterFamily(String name, String help, String... labelNames) {
        this(new MetricMetadata(name, help), 1, labelNames);
    }

    private CounterFamily(MetricMetadata metadata, double divisor, String... labelNames) {
        this.metadata = metadata;
        this.divisor = divisor;
        this.labelNames = labelNames;
    }

    /** @param name ends in {@code _bytes} */
    static CounterFamily ofBytes(String name, String help, String... labelNames) {
        return new CounterFamily(new MetricMetadata(name, help, Unit.BYTES), 1, labelNames);
    }

    /**
     * A counter of nano-dollars, shown as dollars.
     *
     * @param name ends in {@code _usd}
     */
    static CounterFamily ofDollars(String name, String help, String... labelNames) {
        return new CounterFamily(new MetricMetadata(name, help, USD), NANO, labelNames);
    }

    /** Adds {@code n}, which may be 0 to have the series shown, where the labels have these values. */
    void add(long n, String... labelValues) {
        sums.merge(Labels.of(labelNames, labelValues), n, Long::sum);
    }

    CounterSnapshot snapshot() {
        return new CounterSnapshot(
                metadata,
                sums.entrySet().stream()
                        .map(sum -> new CounterDataPointSnapshot(sum.getValue() / divisor, sum.getKey(), null, 0))
                        .toList());
    }
}
