package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.server.accesslog.LogChannel;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** How many lines each log has lost, and why; asked for at each scrape. */
final class LogLosses {

    private LogLosses() {}

    static void register(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("gateway_log_dropped_total")
                .help("Log lines lost: slow, because they came faster than they were written; or unwritable.")
                .labelNames("log", "reason")
                .callback(LogLosses::tell)
                .register(registry);
    }

    private static void tell(CounterWithCallback.Callback lost) {
        for (LogChannel log : LogChannel.values()) {
            for (LogChannel.Loss why : LogChannel.Loss.values()) {
                lost.call(log.lost(why), Words.of(log), Words.of(why));
            }
        }
    }
}
