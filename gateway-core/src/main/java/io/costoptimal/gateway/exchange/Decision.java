package io.costoptimal.gateway.exchange;

import java.util.List;

/**
 * Where a request goes, and why.
 *
 * @param model the model after aliases; {@code null} when the request names none
 * @param match what of the configuration decided
 * @param choice whom to try in which order; nobody when nothing serves the model, or a rule refuses the request
 * @param retryOn which failures move on to the next candidate
 * @param tokens what was known of the token count when the decision fell
 */
public record Decision(String model, Match match, Choice choice, RetryOn retryOn, Tokens tokens) {

    /** A decision for the candidates as they are listed. */
    public Decision(String model, Match match, List<Candidate> candidates, RetryOn retryOn, Tokens tokens) {
        this(model, match, Choice.ordered(candidates), retryOn, tokens);
    }

    /**
     * What of the configuration a request met.
     *
     * @param entry the model's entry as it is written there, its wildcard included; {@code null} when the model has none.
     *     The operator chose it, not the client, so it may name a metric's series
     * @param by what chose the candidates: {@code rule 2: TokenCount > 12000}, {@code providers},
     *     {@code default_provider}, or {@code nothing} when there are no candidates
     * @param refusal what the client is answered, where a rule refuses what it matches; else {@code null}
     */
    public record Match(String entry, String by, Rejection refusal) {

        /** What leads to candidates. */
        public Match(String entry, String by) {
            this(entry, by, null);
        }
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

    /** The same decision, with {@code known} for what was known of the token count. */
    public Decision with(Tokens known) {
        return new Decision(model, match, choice, retryOn, known);
    }

    /** The same decision, with {@code other} candidates or another order of them. */
    public Decision with(Choice other) {
        return new Decision(model, match, other, retryOn, tokens);
    }

    /**
     * The same request, refused.
     *
     * @param by who refuses it, for the log
     * @param why what the client is answered; with a 429 or 503, a {@code retry-after} among its headers says when to come again
     */
    public Decision refused(String by, Rejection why) {
        return new Decision(model, new Match(match.entry(), by, why), Choice.ordered(List.of()), retryOn, tokens);
    }

    /** In the order to try; empty when nothing serves the model, or a rule refuses the request. */
    public List<Candidate> candidates() {
        return choice.candidates();
    }

    /** See {@link Match#entry}. */
    public String entry() {
        return match.entry();
    }

    /** See {@link Match#by}. */
    public String matched() {
        return match.by();
    }

    /** The model's name as {@code candidate} gets it; {@code null} when the request names none. */
    public String nameFor(Candidate candidate) {
        return candidate.model() == null ? model : candidate.model();
    }
}
