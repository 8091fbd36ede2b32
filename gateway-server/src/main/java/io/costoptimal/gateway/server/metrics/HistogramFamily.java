package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.TreeMap;

/** A histogram of times by provider in the making during one scrape. One thread. */
final class HistogramFamily {

    private final MetricMetadata metadata;
    private final Map<String, Sums> providers = new TreeMap<>();

    /** @param name ends in {@code _seconds} */
    HistogramFamily(String name, String help) {
        metadata = new MetricMetadata(name, help, Unit.SECONDS);
    }

    /** Adds times. */
    void add(Times times, String provider) {
        providers.computeIfAbsent(provider, id -> new Sums()).add(times);
    }

    HistogramSnapshot snapshot() {
        return new HistogramSnapshot(
                metadata,
                providers.entrySet().stream()
                        .map(sums -> sums.getValue().point(Labels.of("provider", sums.getKey())))
                        .toList());
    }

    private static final class Sums {

        private final long[] counts = new long[Times.SECONDS.length];
        private long nanos;

        void add(Times times) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += times.count(i);
            }
            nanos += times.sumNanos();
        }

        HistogramDataPointSnapshot point(Labels labels) {
            return new HistogramDataPointSnapshot(
                    ClassicHistogramBuckets.of(Times.SECONDS, counts), nanos / 1e9, labels, Exemplars.EMPTY, 0);
        }
    }
}
