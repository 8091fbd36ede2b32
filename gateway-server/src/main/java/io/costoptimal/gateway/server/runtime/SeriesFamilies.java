package io.costoptimal.gateway.server.runtime;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** The metrics that exist once per provider. Any thread. */
final class SeriesFamilies {

    /** From a cached answer to the longest a client waits, in seconds. */
    private static final double[] SECONDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300};

    final Counter exchanges;
    final Counter attempts;
    final Counter failures;
    final Counter bytes;
    final Counter tokens;
    final Histogram firstByte;
    final Histogram duration;

    SeriesFamilies(PrometheusRegistry registry) {
        exchanges = counter(
                registry,
                "gateway_exchanges_total",
                "Exchanges ended, by the provider tried last.",
                "provider",
                "endpoint",
                "outcome",
                "status");
        attempts = counter(registry, "gateway_attempts_total", "Requests begun at providers.", "provider");
        failures = counter(
                registry,
                "gateway_upstream_failures_total",
                "Requests begun at providers that failed, by how far they had come.",
                "provider",
                "phase");
        bytes = counter(
                registry, "gateway_body_bytes_total", "Body bytes from and to clients.", "provider", "direction");
        tokens = counter(registry, "gateway_tokens_total", "Tokens as providers reported them.", "provider", "kind");
        firstByte =
                histogram(registry, "gateway_first_byte_seconds", "From a request's head to its answer's first byte.");
        duration = histogram(registry, "gateway_exchange_seconds", "From a request's head to its answer's end.");
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    /**
     * Classic only: the text format has no other, and it is the cheapest to observe. Without exemplars, here and above: there
     * are no traces to name, and to look for one at each observation costs more than to count it.
     */
    private static Histogram histogram(PrometheusRegistry registry, String name, String help) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames("provider")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
    }
}
