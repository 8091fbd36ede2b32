package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** What attempts have cost, in the making during one scrape. One thread. */
final class MoneyFamilies {

    final CounterFamily cost = CounterFamily.ofDollars(
            "gateway_cost_usd", "What attempts have cost, by provider and configured model.", "provider", "model");
    final CounterFamily keyCost = CounterFamily.ofDollars(
            "gateway_key_cost_usd", "What attempts have cost, by gateway key and configured model.", "key", "model");
    final CounterFamily possible = CounterFamily.ofDollars(
            "gateway_possible_cost_usd",
            "What attempts that were sent and got no answer may have cost beside.",
            "provider",
            "model");
    final CounterFamily unpriced =
            new CounterFamily("gateway_unpriced_attempts", "Attempts whose cost is not known.", "provider", "model");
    final CounterFamily partial = new CounterFamily(
            "gateway_partial_attempts",
            "Attempts that used something which their price does not cover.",
            "provider",
            "model");
    final CounterFamily accounted = new CounterFamily(
            "gateway_accounted_attempts", "Attempts by where their tokens come from.", "provider", "source");
    final CounterFamily decisions = new CounterFamily(
            "gateway_decisions",
            "Exchanges that had an attempt, by what the order of candidates rested on.",
            "model",
            "decision");
    final GaugeFamily saved = new GaugeFamily(
            "gateway_saved_usd",
            "What the same tokens would have cost at another candidate, less what they did cost.",
            "model",
            "against");

    List<MetricSnapshot> snapshots() {
        return List.of(
                cost.snapshot(),
                keyCost.snapshot(),
                possible.snapshot(),
                unpriced.snapshot(),
                partial.snapshot(),
                accounted.snapshot(),
                decisions.snapshot(),
                saved.snapshot());
    }
}
