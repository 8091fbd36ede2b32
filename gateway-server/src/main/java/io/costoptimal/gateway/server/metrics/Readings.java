package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Registers figures without labels that are asked for at each scrape.
 *
 * @param registry where they go
 */
record Readings(PrometheusRegistry registry) {

    void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(series -> series.call(value.getAsDouble()))
                .register(registry);
    }

    /** @param name ends in {@code _bytes} */
    void bytes(String name, String help, LongSupplier value) {
        measured(name, help, Unit.BYTES, value::getAsLong);
    }

    /** @param name ends in {@code _seconds} */
    void seconds(String name, String help, DoubleSupplier value) {
        measured(name, help, Unit.SECONDS, value);
    }

    private void measured(String name, String help, Unit unit, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .unit(unit)
                .callback(series -> series.call(value.getAsDouble()))
                .register(registry);
    }

    /** @param name ends in {@code _total}; {@code value} never falls */
    void count(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(series -> series.call(value.getAsLong()))
                .register(registry);
    }
}
