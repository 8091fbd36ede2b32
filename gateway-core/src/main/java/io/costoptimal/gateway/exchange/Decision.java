package io.costoptimal.gateway.exchange;

import java.util.List;

/**
 * Where a request goes, and why.
 *
 * @param model the model after aliases
 * @param matched what chose: {@code rule 2: TokenCount > 12000}, {@code providers}, {@code default_provider}, or
 *     {@code nothing} when there are no candidates
 * @param candidates in the order to try; empty when nothing serves the model
 * @param retryOn which failures move on to the next candidate
 * @param tokens what was known of the token count when the decision fell
 */
public record Decision(String model, String matched, List<Candidate> candidates, RetryOn retryOn, Tokens tokens) {

    /** The same decision, with {@code known} for what was known of the token count. */
    public Decision with(Tokens known) {
        return new Decision(model, matched, candidates, retryOn, known);
    }

    /**
     * An interval that holds the token count.
     *
     * @param low at least
     * @param high at most
     * @param counted whether a tokenizer ran
     * @param timedOut whether there was no time to count, so that rules were decided as if the count were {@code high}
     */
    public record Tokens(long low, long high, boolean counted, boolean timedOut) {

        /** Known in time. */
        public Tokens(long low, long high, boolean counted) {
            this(low, high, counted, false);
        }

        public boolean exact() {
            return counted && low == high;
        }
    }
}
