package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Usage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What one event loop counts: written by it alone, read by scrapes. Allocates nothing once each name was seen. */
final class LoopCounts {

    private final Map<String, ProviderCounts> providers = new ConcurrentHashMap<>();
    private final Map<String, TokenCounts> keys = new ConcurrentHashMap<>();

    /**
     * Adds an exchange that has ended; by the owner alone.
     *
     * @param model the configured entry that served it, or {@link Words#UNNAMED}
     */
    void add(ExchangeReport exchange, String model) {
        ProviderCounts last = provider(exchange.candidate());
        last.add(exchange);
        List<Attempt> failures = exchange.failures();
        for (int i = 0; i < failures.size(); i++) {
            Attempt failed = failures.get(i);
            ProviderCounts provider = provider(failed.candidate());
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

    /** @param usage {@code null} when there was none */
    private void tokens(ProviderCounts provider, ExchangeReport exchange, Usage usage, String model) {
        if (usage == null) {
            return;
        }
        provider.tokens().add(model, usage, exchange.target().family());
        if (exchange.principal() != null) {
            key(exchange.principal().name()).add(model, usage, exchange.target().family());
        }
    }

    private ProviderCounts provider(Candidate candidate) {
        String id = candidate == null ? Words.UNNAMED : candidate.provider().id();
        ProviderCounts counts = providers.get(id);
        return counts != null ? counts : providers.computeIfAbsent(id, name -> new ProviderCounts());
    }

    private TokenCounts key(String name) {
        TokenCounts counts = keys.get(name);
        return counts != null ? counts : keys.computeIfAbsent(name, key -> new TokenCounts());
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
