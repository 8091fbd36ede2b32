package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;

/** What one event loop counts of one provider, or of exchanges that reached none: its own to write and anybody's to read. */
final class ProviderCounts {

    private static final Endpoint[] ENDPOINTS = Endpoint.values();
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final int IN = 0;
    private static final int OUT = 1;

    private final Cells exchanges = new Cells((ENDPOINTS.length + 1) * OUTCOMES.length * Words.STATUS_CLASSES);
    private final Cells bytes = new Cells(2);
    private final Times duration = new Times();
    private final AttemptCounts attempts = new AttemptCounts();
    private final TokenCounts tokens = new TokenCounts();

    /** Adds an exchange that tried this provider last, or none; by the owner alone. Attempts are added by themselves. */
    void add(ExchangeReport exchange) {
        exchanges.add(cell(exchange.target().endpoint(), exchange.outcome(), Words.statusClass(exchange.status())), 1);
        bytes.add(IN, exchange.requestBytes());
        bytes.add(OUT, exchange.responseBytes());
        if (exchange.candidate() != null) {
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
        for (int row = 0; row <= ENDPOINTS.length; row++) {
            Endpoint endpoint = row == ENDPOINTS.length ? null : ENDPOINTS[row];
            String path = endpoint == null ? Words.OTHER : endpoint.path();
            for (Outcome outcome : OUTCOMES) {
                for (int status = 0; status < Words.STATUS_CLASSES; status++) {
                    long n = exchanges.get(cell(endpoint, outcome, status));
                    if (n > 0) {
                        all.exchanges.add(n, provider, path, Words.of(outcome), Words.status(status));
                    }
                }
            }
        }
    }

    /** @param endpoint {@code null} for what the gateway does not serve, or did not understand */
    private static int cell(Endpoint endpoint, Outcome outcome, int statusClass) {
        int row = endpoint == null ? ENDPOINTS.length : endpoint.ordinal();
        return (row * OUTCOMES.length + outcome.ordinal()) * Words.STATUS_CLASSES + statusClass;
    }
}
