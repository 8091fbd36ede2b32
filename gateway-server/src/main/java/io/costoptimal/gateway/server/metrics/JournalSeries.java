package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.server.journal.Journal;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Shows at each scrape how full the lanes of the journal are, and what they have lost. Any thread. */
final class JournalSeries {

    private final PrometheusRegistry registry;
    private final Journal journal;

    JournalSeries(PrometheusRegistry registry, Journal journal) {
        this.registry = registry;
        this.journal = journal;
    }

    /** Registers all of them; once. */
    void register() {
        Readings readings = new Readings(registry);
        readings.bytes(
                "gateway_journal_lane_bytes",
                "Most that the lane of one event loop held in the last minute.",
                journal::fullestLaneBytes);
        readings.bytes("gateway_journal_lane_limit_bytes", "How much a lane may hold.", journal::laneLimitBytes);
        CounterWithCallback.builder()
                .name("gateway_journal_dropped_total")
                .help("Exchanges that are in no log and in no other metric.")
                .labelNames("reason")
                .callback(lost -> {
                    for (Journal.Loss why : Journal.Loss.values()) {
                        lost.call(journal.lost(why), Words.of(why));
                    }
                })
                .register(registry);
    }
}
