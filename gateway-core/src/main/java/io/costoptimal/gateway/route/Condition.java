package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/** A term that is true or false, or unknown while only bounds of the token count are known. */
sealed interface Condition extends Term permits Logic, Comparison, TextCondition, Condition.Counted {

    /** @throws RuleFault when the facts at hand make the rule fail */
    Verdict test(RoutingFacts facts, TokenSource tokens);

    /**
     * How far to count so that the first comparison that left this {@link Verdict#UNKNOWN} is decided; to be asked only
     * when it is.
     */
    default long countNeeded(RoutingFacts facts, TokenSource tokens) {
        return Long.MAX_VALUE;
    }

    /** A condition that can be evaluated only with the exact token count; unknown until the count is exact. */
    record Counted(Condition condition) implements Condition {

        /**
         * Wraps {@code condition} if the token count occurs in it.
         *
         * @param syntax what {@code condition} was made from
         */
        static Condition ifUsed(Syntax syntax, Condition condition) {
            return syntax.usesTokens() ? new Counted(condition) : condition;
        }

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            return tokens.low() == tokens.high() ? condition.test(facts, tokens) : Verdict.UNKNOWN;
        }
    }
}
