package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.tls.ServerCertificate;
import io.costoptimal.gateway.tls.ServerTls;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows at each scrape what has become of TLS handshakes, and when certificates end. Any thread. */
final class TlsSeries {

    private final PrometheusRegistry registry;
    private final Map<String, ServerTls> listeners;

    /** @param listeners each by its name */
    TlsSeries(PrometheusRegistry registry, Map<String, ServerTls> listeners) {
        this.registry = registry;
        this.listeners = listeners;
    }

    /** Registers all of them; once. */
    void register() {
        CounterWithCallback.builder()
                .name("gateway_tls_handshakes_total")
                .help("TLS handshakes that succeeded, by listener and version.")
                .labelNames("listener", "version")
                .callback(series -> listeners.forEach((name, tls) ->
                        tls.counts().handshakes().forEach((version, n) -> series.call(n, name, version))))
                .register(registry);
        CounterWithCallback.builder()
                .name("gateway_tls_handshake_failures_total")
                .help("Connections that got no further than their TLS handshake, by listener and reason.")
                .labelNames("listener", "reason")
                .callback(series -> listeners.forEach((name, tls) -> tls.counts()
                        .failures()
                        .forEach((reason, n) ->
                                series.call(n, name, reason.name().toLowerCase(Locale.ROOT)))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("gateway_tls_certificate_end_seconds")
                .help(
                        "When a listener's certificate ends, in seconds since 1970; number counts them from 1 as the file does.")
                .unit(Unit.SECONDS)
                .labelNames("listener", "number")
                .callback(series -> listeners.forEach((name, tls) -> {
                    List<ServerCertificate> certificates = tls.settings().certificates();
                    for (int i = 0; i < certificates.size(); i++) {
                        double end = certificates.get(i).leaf().getNotAfter().getTime() / 1000.0;
                        series.call(end, name, Integer.toString(i + 1));
                    }
                }))
                .register(registry);
    }
}
