package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/** What holds or not, or cannot be told from the bounds of the token count. */
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

    /** Something that wants the token count itself, so it is unknown until that is exact. */
    record Counted(Condition condition) implements Condition {

        /** {@code condition}, as it is if {@code syntax}, which it comes from, does not use the count. */
        static Condition ifUsed(Syntax syntax, Condition condition) {
            return syntax.usesTokens() ? new Counted(condition) : condition;
        }

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            return tokens.low() == tokens.high() ? condition.test(facts, tokens) : Verdict.UNKNOWN;
        }
    }
}
