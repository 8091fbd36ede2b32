package io.costoptimal.gateway.route;

import io.costoptimal.gateway.cost.Demand;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.Usage;

/**
 * A candidate whose price a rule asks for. Immutable, any thread.
 *
 * @param entry of the table that the rule belongs to, as it is written there
 * @param known what is known of costs
 */
record Offer(Candidate candidate, String entry, Choosers known) {

    /** More than any provider gives for one request. */
    private static final long MOST_ANSWERS = 1_000_000;

    private static final long MOST_TOKENS = 1_000_000_000;

    private static final double TOKENS_OF_A_PRICE = 1e6;

    /**
     * The price of the model that {@code facts} asks for, under the name that the provider has for it.
     *
     * @throws RuleFault when there is none
     */
    Price price(RoutingFacts facts) {
        String name = candidate.model() == null ? facts.model() : candidate.model();
        Price price = known.prices().of(candidate.provider(), name);
        if (price == null) {
            throw new RuleFault("no price is known of " + candidate.provider().id());
        }
        return price;
    }

    /** Nano-dollars that the request is expected to cost with so many tokens of input, none of them cached. */
    double expected(RoutingFacts facts, long input) {
        return expected(price(facts), facts, input);
    }

    private double expected(Price price, RoutingFacts facts, long input) {
        long output = expectedOutput(price, facts);
        if (!(price instanceof ModelPrice of)) {
            return price.cost(Usage.of(input, output), true);
        }
        // Not rounded to a nano-dollar, so that the cost is as linear as the price.
        int tier = of.tierOf(input);
        double tokens =
                input * (double) of.price(tier, TokenClass.INPUT) + output * (double) of.price(tier, TokenClass.OUTPUT);
        return tokens / TOKENS_OF_A_PRICE + of.fee();
    }

    /** As the chooser of the cheapest candidate expects it. */
    private long expectedOutput(Price price, RoutingFacts facts) {
        long answers = Math.min(MOST_ANSWERS, Math.max(1, facts.body().output().answers()));
        long most = facts.maxTokens() >= 0 ? facts.maxTokens() : price.maxOutput();
        long learned = known.memory().expectedOutput(entry, facts.caller().key());
        long expected = learned < 0 ? answers * Demand.USUAL_OUTPUT : learned;
        return most < 0 ? expected : Math.min(expected, answers * Math.min(most, MOST_TOKENS));
    }

    /** Whether the cost never falls from one length of the input to the next, from {@code low} to {@code high}. */
    boolean rises(RoutingFacts facts, long low, long high) {
        if (!(price(facts) instanceof ModelPrice price)) {
            return low == high;
        }
        for (int tier = price.tierOf(low) + 1; tier <= price.tierOf(high); tier++) {
            long edge = price.above(tier);
            if (expected(price, facts, edge) > expected(price, facts, edge + 1)) {
                return false;
            }
        }
        return true;
    }

    /** Whether each token more costs the same, from {@code low} to {@code high}. */
    boolean isLinear(RoutingFacts facts, long low, long high) {
        return price(facts) instanceof ModelPrice price && price.tierOf(low) == price.tierOf(high);
    }
}
