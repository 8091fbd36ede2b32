package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.EngineCounts;
import io.costoptimal.gateway.EngineCounts.Memory;
import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.exchange.BudgetLevel;
import io.costoptimal.gateway.upstream.PoolCounts;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Shows at each scrape what the engine holds at that moment. Any thread. */
final class EngineSeries {

    private final Readings readings;
    private final Gateway gateway;

    EngineSeries(PrometheusRegistry registry, Gateway gateway) {
        this.readings = new Readings(registry);
        this.gateway = gateway;
    }

    /** Registers all of them; once. */
    void register() {
        readings.gauge("gateway_client_connections", "Open connections from clients.", gateway::connections);
        floods();
        lookUps();
        inFlight();
        connections();
        ofPool("gateway_upstream_leases_waiting", "Requests that wait for a connection.", PoolCounts::waiting);
        countOfPool("gateway_upstream_connections_opened_total", "Connections to providers begun.", PoolCounts::opened);
        countOfPool(
                "gateway_upstream_connections_reused_total",
                "Requests that got a connection which had served another.",
                PoolCounts::reused);
        countOfPool(
                "gateway_upstream_connections_poisoned_total",
                "Idle connections closed because a provider sent what answers nothing.",
                PoolCounts::poisoned);
        memory();
        readings.gauge(
                "gateway_counting_queue_length",
                "Bodies that wait for their tokens to be counted.",
                () -> gateway.counts().counting().waiting());
        readings.gauge(
                "gateway_counting_running",
                "Bodies whose tokens are being counted.",
                () -> gateway.counts().counting().running());
    }

    private void memory() {
        budget("gateway_unfinished_head", "request heads of which a part has come", Memory::heads);
        budget("gateway_held_body", "request bodies", Memory::bodies);
        budget("gateway_held_large_body", "request bodies longer than 64 KB", Memory::largeBodies);
        budget("gateway_kept_answer", "error answers kept while others are tried", Memory::keptAnswers);
    }

    /** What is held and what may be. */
    private void budget(String name, String what, Function<Memory, BudgetLevel> level) {
        readings.bytes(
                name + "_bytes",
                "Memory of " + what + ".",
                () -> level.apply(gateway.counts().memory()).held());
        readings.bytes(
                name + "_limit_bytes",
                "How much memory of " + what + " there may be.",
                () -> level.apply(gateway.counts().memory()).limit());
    }

    private void floods() {
        CounterWithCallback.builder()
                .name("gateway_client_floods_total")
                .help("Connections by HTTP/2 that were ended because there was too much of something on them.")
                .labelNames("of")
                .callback(series -> {
                    EngineCounts.Floods floods = gateway.counts().floods();
                    series.call(floods.frames(), "frames");
                    series.call(floods.resets(), "resets");
                    series.call(floods.heads(), "heads");
                })
                .register(readings.registry());
    }

    private void lookUps() {
        CounterWithCallback.builder()
                .name("gateway_object_owner_lookups_total")
                .help("Requests about objects that providers keep, by whose the objects were found to be.")
                .labelNames("result")
                .callback(series -> {
                    EngineCounts.OwnerLookUps lookUps = gateway.ownerLookUps();
                    series.call(lookUps.own(), "own");
                    series.call(lookUps.shared(), "shared");
                    series.call(lookUps.unknown(), "unknown");
                    series.call(lookUps.anothers(), "anothers");
                    series.call(lookUps.failed(), "failed");
                })
                .register(readings.registry());
    }

    private void inFlight() {
        GaugeWithCallback.builder()
                .name("gateway_exchanges_in_flight")
                .help("Running exchanges, by the last thing that has happened to them.")
                .labelNames("phase")
                .callback(series -> gateway.counts().inFlight().forEach((state, n) -> series.call(n, Words.of(state))))
                .register(readings.registry());
    }

    private void connections() {
        GaugeWithCallback.builder()
                .name("gateway_upstream_connections")
                .help("Connections to providers; those being made count as leased.")
                .labelNames("state")
                .callback(series -> {
                    EngineCounts counts = gateway.counts();
                    long idle = counts.upstream().idle();
                    series.call(idle, "idle");
                    series.call(Math.max(0, counts.upstream().open() - idle), "leased");
                })
                .register(readings.registry());
    }

    private void ofPool(String name, String help, ToLongFunction<PoolCounts> figure) {
        readings.gauge(name, help, () -> figure.applyAsLong(gateway.counts().upstream()));
    }

    private void countOfPool(String name, String help, ToLongFunction<PoolCounts> figure) {
        readings.count(name, help, () -> figure.applyAsLong(gateway.counts().upstream()));
    }
}
