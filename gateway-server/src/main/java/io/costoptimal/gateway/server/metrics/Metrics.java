package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.journal.Journal;
import io.costoptimal.gateway.server.journal.JournalReader;
import io.costoptimal.gateway.server.ledger.Ledger;
import io.costoptimal.gateway.tls.ServerTls;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.Version;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Everything that Prometheus is told. Any thread. Label values are names from the configuration and words of ours: never
 * anything a client sent.
 */
public final class Metrics {

    /** What a scrape waits for exchanges that the journal has not read yet, if its thread is held up by a disk. */
    private static final Duration UP_TO_DATE = Duration.ofMillis(500);

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Readings readings = new Readings(registry);
    private final ExchangeSeries exchanges = new ExchangeSeries();
    private final RuleFaults ruleFaults = new RuleFaults();
    private final Reloads reloads = new Reloads(readings);
    private Journal journal;

    /** Makes metrics of this process, which has one of these. */
    public Metrics() {
        registry.register(exchanges);
        JvmMetrics.builder().register(registry);
        LogLosses.register(registry);
        readings.count(
                "gateway_rule_faults_total",
                "Rules that failed on a request, and so did not match.",
                ruleFaults::total);
        readings.bytes(
                "gateway_direct_memory_bytes",
                "Memory of pooled network buffers.",
                () -> PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        readings.bytes(
                "gateway_direct_memory_active_bytes",
                "How much of it is in buffers; the rest is free and kept.",
                () -> BufferPool.activeBytes(PooledByteBufAllocator.DEFAULT.metric()));
        readings.bytes(
                "gateway_direct_memory_limit_bytes",
                "How much of network buffers may be.",
                PlatformDependent::maxDirectMemory);
    }

    /** Counts exchanges, on the journal's thread. */
    public JournalReader exchanges() {
        return exchanges;
    }

    /** How often {@code provider} was asked, as far as the journal has been read. */
    public Attempts attempts(String provider) {
        return exchanges.attempts(provider);
    }

    /**
     * Reads everything, what has ended up to now included unless the journal cannot be read in time.
     *
     * @param accept the request's Accept field; {@code null} without one
     */
    public Exposition scrape(String accept) throws IOException {
        if (journal != null) {
            journal.drain(UP_TO_DATE);
        }
        return Exposition.of(registry, accept);
    }

    /** Shows how full {@code journal} is, and has each scrape wait for it. Once, before the first scrape. */
    public void observe(Journal journal) {
        this.journal = journal;
        new JournalSeries(registry, journal).register();
    }

    /** Shows how the ledger keeps up. Once. */
    public void observe(Ledger ledger) {
        new LedgerSeries(registry, ledger).register();
    }

    /**
     * Tells what is running. Once, before the journal is made: whether money is counted is decided here.
     *
     * @param config that it was started with
     */
    public void started(GatewayConfig config) {
        exchanges.configured(Names.of(config));
        if (config.routing().prices() != Prices.NONE) {
            exchanges.wantMoney();
        }
        String version = Metrics.class.getPackage().getImplementationVersion();
        Version netty = Version.identify().get("netty-common");
        Info.builder()
                .name("gateway_build_info")
                .help("What is running; always 1.")
                .labelNames("version", "netty", "transport")
                .register(registry)
                .setLabelValues(
                        version == null ? "unpackaged" : version,
                        netty == null ? "unknown" : netty.artifactVersion(),
                        Words.of(config.engine().transport()));
    }

    /** Shows the engine's present state. Once. */
    public void observe(Gateway gateway, BooleanSupplier draining) {
        ruleFaults.routedBy(gateway.snapshot());
        new EngineSeries(registry, gateway).register();
        readings.gauge(
                "gateway_draining",
                "1 from the signal that ends the process to its end, the drain delay included.",
                () -> draining.getAsBoolean() ? 1 : 0);
    }

    /**
     * Shows what becomes of handshakes, and when certificates end. Once.
     *
     * @param listeners each by its name
     */
    public void observe(Map<String, ServerTls> listeners) {
        if (!listeners.isEmpty()) {
            new TlsSeries(registry, listeners).register();
        }
    }

    /** Shows how late event loops are, from now until they stop. Once. */
    public void observeLag(List<EventExecutor> loops) {
        LoopLag.observe(loops, registry);
    }

    /**
     * A configuration was loaded and is in force.
     *
     * @param snapshot what the engine made of {@code config}
     */
    public void reloaded(GatewayConfig config, Snapshot snapshot) {
        exchanges.configured(Names.of(config));
        ruleFaults.routedBy(snapshot);
        reloads.succeeded();
    }

    /** A configuration could not be loaded; the old one stands. */
    public void reloadFailed() {
        reloads.failed();
    }
}
