package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.FailedAttempt;
import io.costoptimal.gateway.server.journal.Name;
import io.costoptimal.gateway.server.journal.Spent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted of exchanges: written by the journal's thread alone, read by scrapes. */
final class ExchangeCounts {

    private final Map<String, ProviderCounts> providers = new ConcurrentHashMap<>();
    private final Map<String, TokenCounts> keys = new ConcurrentHashMap<>();
    private final MoneyCounts money = new MoneyCounts();

    /** Adds an exchange that has ended; by the journal's thread. */
    void add(Entry exchange) {
        String model = label(exchange.modelEntry());
        ProviderCounts last = provider(label(exchange.provider()));
        last.add(exchange);
        List<FailedAttempt> failures = exchange.failures();
        for (int i = 0; i < failures.size(); i++) {
            FailedAttempt failed = failures.get(i);
            ProviderCounts provider = provider(failed.provider().text());
            provider.attempts()
                    .add(failed.failure(), failed.status(), failed.timing().firstByte());
            tokens(provider, exchange, failed.usage(), model);
            money(failed.provider().text(), exchange, failed.spent(), model);
        }
        if (exchange.attempts() > failures.size()) {
            long firstByte = exchange.attemptFirstByteNanos();
            last.attempts().add(null, firstByte < 0 ? 0 : exchange.status(), firstByte);
            tokens(last, exchange, exchange.usage(), model);
            money(label(exchange.provider()), exchange, exchange.spent(), model);
        }
        if (exchange.certainty() != null) {
            money.decided(model, exchange.certainty());
        }
    }

    private static String label(Name name) {
        return name == null ? Words.UNNAMED : name.text();
    }

    /** @param usage {@code null} when there was none */
    private void tokens(ProviderCounts provider, Entry exchange, Usage usage, String model) {
        if (usage == null) {
            return;
        }
        provider.tokens().add(model, usage);
        if (exchange.key() != null) {
            key(exchange.key().text()).add(model, usage);
        }
    }

    /** @param spent {@code null} where nobody wants money */
    private void money(String provider, Entry exchange, Spent spent, String model) {
        if (spent != null) {
            money.spent(provider, exchange.key() == null ? null : exchange.key().text(), model, spent);
        }
    }

    private ProviderCounts provider(String id) {
        ProviderCounts counts = providers.get(id);
        return counts != null ? counts : providers.computeIfAbsent(id, name -> new ProviderCounts());
    }

    private TokenCounts key(String name) {
        TokenCounts counts = keys.get(name);
        return counts != null ? counts : keys.computeIfAbsent(name, key -> new TokenCounts());
    }

    /** How often {@code provider} was asked. Any thread. */
    Attempts attempts(String provider) {
        ProviderCounts counts = providers.get(provider);
        return counts == null ? Attempts.NONE : counts.attempts().sum();
    }

    /** Forgets every name that is not in {@code names}. Any thread. */
    void keepOnly(Names names) {
        money.keepOnly(names);
        providers.keySet().retainAll(names.providers());
        keys.keySet().retainAll(names.keys());
        providers.values().forEach(counts -> counts.tokens().keepOnly(names.models()));
        keys.values().forEach(counts -> counts.keepOnly(names.models()));
    }

    /** Adds what was counted to {@code all}. Any thread. */
    void addTo(Families all) {
        providers.forEach((provider, counts) -> counts.addTo(all, provider));
        keys.forEach((key, counts) -> counts.addTo(all.keyTokens, key));
        money.addTo(all.money);
    }
}
