package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Instant;

/** What became of the configurations that were loaded; named as Prometheus names its own. Any thread. */
final class Reloads {

    private final CounterDataPoint loaded;
    private final CounterDataPoint failed;
    private volatile boolean successful = true;
    private volatile Instant since = Instant.now();

    /** The configuration that the process starts with is the first success, and no reload. */
    Reloads(Readings readings) {
        Counter reloads = Counter.builder()
                .name("gateway_reloads_total")
                .help("Configurations loaded while running.")
                .labelNames("result")
                .register(readings.registry());
        loaded = reloads.labelValues("ok");
        failed = reloads.labelValues("failed");
        readings.gauge(
                "gateway_config_last_reload_successful",
                "1 when the newest configuration is in force, 0 when it was refused.",
                () -> successful ? 1 : 0);
        readings.seconds(
                "gateway_config_last_reload_success_timestamp_seconds",
                "When the configuration in force was loaded.",
                () -> since.toEpochMilli() / 1e3);
    }

    void succeeded() {
        loaded.inc();
        since = Instant.now();
        successful = true;
    }

    void failed() {
        failed.inc();
        successful = false;
    }
}
