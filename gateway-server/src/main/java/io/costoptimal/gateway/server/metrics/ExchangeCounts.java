package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.FailedAttempt;
import io.costoptimal.gateway.server.journal.Name;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted of exchanges: written by the journal's thread alone, read by scrapes. */
final class ExchangeCounts {

    private final Map<String, ProviderCounts> providers = new ConcurrentHashMap<>();
    private final Map<String, TokenCounts> keys = new ConcurrentHashMap<>();

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
        }
        if (exchange.attempts() > failures.size()) {
            long firstByte = exchange.attemptFirstByteNanos();
            last.attempts().add(null, firstByte < 0 ? 0 : exchange.status(), firstByte);
            tokens(last, exchange, exchange.usage(), model);
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
        providers.keySet().retainAll(names.providers());
        keys.keySet().retainAll(names.keys());
        providers.values().forEach(counts -> counts.tokens().keepOnly(names.models()));
        keys.values().forEach(counts -> counts.keepOnly(names.models()));
    }

    /** Adds what was counted to {@code all}. Any thread. */
    void addTo(Families all) {
        providers.forEach((provider, counts) -> counts.addTo(all, provider));
        keys.forEach((key, counts) -> counts.addTo(all.keyTokens, key));
    }
}
