package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/** What is counted of exchanges, in the making during one scrape. One thread. */
final class Families {

    final CounterFamily exchanges = new CounterFamily(
            "gateway_exchanges",
            "Exchanges ended, by the provider tried last.",
            "provider",
            "endpoint",
            "outcome",
            "status");
    final CounterFamily attempts = new CounterFamily(
            "gateway_attempts",
            "Attempts at providers, by the class of the answer's status and by what failed.",
            "provider",
            "status",
            "failure");
    final CounterFamily failures = new CounterFamily(
            "gateway_upstream_failures",
            "Attempts at providers that failed, by how far they had come.",
            "provider",
            "phase");
    final CounterFamily bytes =
            CounterFamily.ofBytes("gateway_body_bytes", "Body bytes from and to clients.", "provider", "direction");
    final CounterFamily tokens = new CounterFamily(
            "gateway_tokens", "Tokens used, by provider and configured model.", "provider", "model", "kind");
    final CounterFamily keyTokens = new CounterFamily(
            "gateway_key_tokens", "Tokens used, by gateway key and configured model.", "key", "model", "kind");
    final HistogramFamily firstByte = new HistogramFamily(
            "gateway_first_byte_seconds", "From the start of an attempt at a provider to the head of its answer.");
    final HistogramFamily duration =
            new HistogramFamily("gateway_exchange_seconds", "From a request's head to its answer's end.");

    final MoneyFamilies money = new MoneyFamilies();

    MetricSnapshots snapshots() {
        List<MetricSnapshot> all = new ArrayList<>(List.of(
                exchanges.snapshot(),
                attempts.snapshot(),
                failures.snapshot(),
                bytes.snapshot(),
                tokens.snapshot(),
                keyTokens.snapshot(),
                firstByte.snapshot(),
                duration.snapshot()));
        all.addAll(money.snapshots());
        return new MetricSnapshots(all);
    }
}
