package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.server.ledger.Drop;
import io.costoptimal.gateway.server.ledger.Ledger;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Shows at each scrape what the ledger has written and lost, and how far it is behind. Any thread. */
final class LedgerSeries {

    private final PrometheusRegistry registry;
    private final Ledger ledger;

    LedgerSeries(PrometheusRegistry registry, Ledger ledger) {
        this.registry = registry;
        this.ledger = ledger;
    }

    /** Registers all of them; once. */
    void register() {
        Readings readings = new Readings(registry);
        readings.count("gateway_ledger_rows_total", "Attempts that have a row in the ledger.", ledger::written);
        readings.count(
                "gateway_ledger_errors_total",
                "How often the ledger's database has refused something.",
                ledger::errors);
        readings.gauge("gateway_ledger_queue_rows", "Rows that wait for the ledger's database.", ledger::queuedRows);
        readings.bytes("gateway_ledger_queue_bytes", "How much memory these rows take.", ledger::queuedBytes);
        readings.seconds(
                "gateway_ledger_lag_seconds",
                "How long the oldest of these rows has waited; 0 when none does.",
                () -> ledger.lagMillis() / 1e3);
        CounterWithCallback.builder()
                .name("gateway_ledger_dropped_total")
                .help("Attempts that have no row in the ledger.")
                .labelNames("reason")
                .callback(dropped -> {
                    for (Drop why : Drop.values()) {
                        dropped.call(ledger.dropped(why), why.word());
                    }
                })
                .register(registry);
    }
}
