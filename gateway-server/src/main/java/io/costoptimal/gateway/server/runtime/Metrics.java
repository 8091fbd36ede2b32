package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.server.accesslog.CountedDiscard;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Counts exchanges for Prometheus. Called on every event loop; finds its data points without building keys, and allocates
 * nothing once each has been seen. Label values are provider ids and words of ours: never anything a client sent.
 */
final class Metrics implements GatewayListener {

    private static final String NO_PROVIDER = "";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<String, ProviderSeries> providers = new ConcurrentHashMap<>();
    private final SeriesFamilies families = new SeriesFamilies(registry);
    private final CounterDataPoint reloads;
    private final CounterDataPoint failedReloads;

    Metrics() {
        Counter loads = Counter.builder()
                .name("gateway_reloads_total")
                .help("Configurations loaded while running.")
                .labelNames("result")
                .register(registry);
        reloads = loads.labelValues("ok");
        failedReloads = loads.labelValues("failed");
        count(
                "gateway_log_dropped_total",
                "Log events lost because the log was not written fast enough.",
                () -> CountedDiscard.dropped());
        gauge(
                "gateway_direct_memory_bytes",
                "Memory of pooled network buffers.",
                () -> PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        gauge(
                "gateway_heap_used_bytes",
                "Java heap in use, garbage included.",
                () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    /** What {@link io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter} writes out. */
    PrometheusRegistry registry() {
        return registry;
    }

    /** Shows the engine's present state. Once. */
    void observe(IntSupplier connections, BooleanSupplier draining) {
        gauge("gateway_client_connections", "Open connections from clients.", connections::getAsInt);
        gauge(
                "gateway_draining",
                "1 while the process waits for its last exchanges.",
                () -> draining.getAsBoolean() ? 1 : 0);
    }

    /** Shows how often rules failed at run time, and so did not match, since the last load. Once. */
    void observeFaults(LongSupplier ruleFaults) {
        gauge("gateway_rule_faults", "Rules that failed at run time since the last load.", ruleFaults::getAsLong);
    }

    /** Shows how late event loops are, from now until they stop. Once. */
    void observeLag(List<EventExecutor> loops) {
        Histogram lag = LoopLag.histogram(registry);
        loops.forEach(loop -> new LoopLag(loop, lag).start());
    }

    void reloaded(boolean ok) {
        (ok ? reloads : failedReloads).inc();
    }

    @Override
    public void exchangeEnded(ExchangeReport exchange) {
        series(exchange.candidate()).add(exchange);
        List<Attempt> failures = exchange.failures();
        for (int i = 0; i < failures.size(); i++) {
            series(failures.get(i).candidate()).addFailure(failures.get(i).failure());
        }
    }

    private ProviderSeries series(Candidate candidate) {
        String provider = candidate == null ? NO_PROVIDER : candidate.provider().id();
        ProviderSeries series = providers.get(provider);
        return series != null ? series : providers.computeIfAbsent(provider, id -> new ProviderSeries(families, id));
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    private void count(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsLong()))
                .register(registry);
    }
}
