package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Arrays;
import java.util.Optional;

/** What rules may ask about the price of a candidate, in US dollars. Faults when the candidate has no price. */
sealed interface PriceTerm extends DoubleTerm {

    /** Nano-dollars for a dollar. */
    double NANOS = 1e9;

    /** The functions of a rule that give such a term; each takes a provider's id. */
    enum Function {
        /** What the request is expected to cost there. Depends on the token count. */
        COST("Cost"),
        /** What a million tokens of input cost there. */
        INPUT_PRICE("InputPrice"),
        /** What a million tokens of output cost there. */
        OUTPUT_PRICE("OutputPrice");

        private final String word;

        Function(String word) {
            this.word = word;
        }

        /** The function called {@code name} in rules. */
        static Optional<Function> named(String name) {
            return Arrays.stream(values())
                    .filter(function -> function.word.equals(name))
                    .findFirst();
        }

        /** As rules call it. */
        String word() {
            return word;
        }
    }

    /** The figure of a rule that belongs to no model: whoever evaluates it has not said which candidates there are. */
    record Unbound(String provider) implements PriceTerm {
        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            throw new RuleFault("no price is known of " + provider);
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return 0;
        }
    }

    /** {@code Cost}: of input as long as the token count says, uncached, and of as much output as is expected. */
    record Cost(Offer offer) implements PriceTerm {

        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            return offer.expected(facts, count) / NANOS;
        }

        /** Without bound where the cost does not rise with every token, so that its ends say nothing about what is between. */
        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return offer.rises(facts, tokens.low(), tokens.high()) ? 0 : Double.POSITIVE_INFINITY;
        }
    }

    /** {@code InputPrice} or {@code OutputPrice}: of the tier that has no lower limit, whatever the length of the request. */
    record PerMillion(Offer offer, boolean output) implements PriceTerm {

        @Override
        public double value(RoutingFacts facts, TokenSource tokens, long count) {
            Price price = offer.price(facts);
            return (output ? price.outputPrice() : price.inputPrice()) / NANOS;
        }

        @Override
        public double magnitude(RoutingFacts facts, TokenSource tokens) {
            return 0;
        }
    }
}
