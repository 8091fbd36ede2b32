package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.server.journal.Entry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted of one provider, or of exchanges that reached none: the journal's to write and anybody's to read. */
final class ProviderCounts {

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final int IN = 0;
    private static final int OUT = 1;

    /** By the operation's path, which is one of a few. */
    private final Map<String, Cells> exchanges = new ConcurrentHashMap<>();

    private final Cells bytes = new Cells(2);
    private final Times duration = new Times();
    private final AttemptCounts attempts = new AttemptCounts();
    private final TokenCounts tokens = new TokenCounts();

    /** Adds an exchange that tried this provider last, or none; by the owner alone. Attempts are added by themselves. */
    void add(Entry exchange) {
        String path = exchange.operation() == null
                ? Words.OTHER
                : exchange.operation().text();
        Cells cells = exchanges.get(path);
        if (cells == null) {
            cells = exchanges.computeIfAbsent(path, p -> new Cells(OUTCOMES.length * Words.STATUS_CLASSES));
        }
        cells.add(cell(exchange.outcome(), Words.statusClass(exchange.status())), 1);
        bytes.add(IN, exchange.requestBytes());
        bytes.add(OUT, exchange.responseBytes());
        if (exchange.provider() != null) {
            duration.add(exchange.totalNanos());
        }
    }

    AttemptCounts attempts() {
        return attempts;
    }

    TokenCounts tokens() {
        return tokens;
    }

    /** Adds what was counted to {@code all}: counters that are above zero, and what every provider shows. */
    void addTo(Families all, String id) {
        String provider = Words.provider(id);
        exchanges(all, provider);
        all.bytes.add(bytes.get(IN), provider, "in");
        all.bytes.add(bytes.get(OUT), provider, "out");
        if (!id.equals(Words.UNNAMED)) {
            attempts.addTo(all, provider);
            tokens.addTo(all.tokens, provider);
            all.duration.add(duration, provider);
        }
    }

    private void exchanges(Families all, String provider) {
        exchanges.forEach((path, cells) -> {
            for (Outcome outcome : OUTCOMES) {
                for (int status = 0; status < Words.STATUS_CLASSES; status++) {
                    long n = cells.get(cell(outcome, status));
                    if (n > 0) {
                        all.exchanges.add(n, provider, path, Words.of(outcome), Words.status(status));
                    }
                }
            }
        });
    }

    private static int cell(Outcome outcome, int statusClass) {
        return outcome.ordinal() * Words.STATUS_CLASSES + statusClass;
    }
}
