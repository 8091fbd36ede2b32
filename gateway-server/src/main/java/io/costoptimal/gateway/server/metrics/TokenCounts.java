package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Usage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens by model and class, the journal's to write and anybody's to read. */
final class TokenCounts {

    private static final TokenKind[] KINDS = TokenKind.values();

    private final Map<String, Cells> models = new ConcurrentHashMap<>();

    /** Adds what one answer used; by the owner alone. */
    void add(String model, Usage usage) {
        Cells cells = models.get(model);
        if (cells == null) {
            cells = models.computeIfAbsent(model, name -> TokenKind.cells());
        }
        TokenKind.add(usage, cells);
    }

    /** Adds these counts to {@code family}, whose labels are {@code owner}, the model and the class. */
    void addTo(CounterFamily family, String owner) {
        models.forEach((model, cells) -> {
            for (TokenKind kind : KINDS) {
                family.add(cells.get(kind.ordinal()), owner, Words.model(model), Words.of(kind));
            }
        });
    }

    /** Forgets the models that are not in {@code kept}. */
    void keepOnly(Set<String> kept) {
        models.keySet().retainAll(kept);
    }
}
