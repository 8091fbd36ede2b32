package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import java.time.Duration;
import java.util.function.Function;

/**
 * The ledger as the API reads it. Any thread.
 *
 * @param store questions with a limit of time, {@code null} for none; {@code null} where no ledger is kept
 */
public record Ledgers(Function<Duration, LedgerQueries> store) {

    /** Below the limit of the thread, so that the ledger gives up first and can say so. */
    private static final Duration LIMIT = Duration.ofSeconds(9);

    /** A question to the ledger. */
    @FunctionalInterface
    interface Question<T> {

        T ask(LedgerQueries ledger) throws LedgerException;
    }

    /** Asks what is answered in one piece. */
    <T> T ask(Question<T> question) throws Refused {
        return ask(LIMIT, question);
    }

    /**
     * Asks.
     *
     * @param limit {@code null} for none
     * @throws Refused 404 where no ledger is kept, 503 when it cannot be read now, or takes too long
     */
    <T> T ask(Duration limit, Question<T> question) throws Refused {
        if (store == null) {
            throw new Refused(404, "no_ledger", "No ledger is kept (expected: save_usage: true in the configuration).");
        }
        try {
            return question.ask(store.apply(limit));
        } catch (LedgerException e) {
            throw e.kind() == LedgerException.Kind.TIME_LIMIT
                    ? Refused.busy("timeout", "This takes too long; ask for less.")
                    : Refused.busy("ledger_unavailable", "The ledger cannot be read now: " + e.getMessage());
        }
    }
}
