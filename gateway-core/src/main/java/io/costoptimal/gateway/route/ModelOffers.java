package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Prices;
import java.util.List;

/**
 * The candidates that one rule may ask the prices of: those of its model, and its own. The first at a provider counts, in
 * this order. Immutable, any thread.
 */
record ModelOffers(List<Candidate> candidates, Prices prices) implements Offers {

    @Override
    public PriceTerm term(PriceTerm.Function function, String provider) {
        for (Candidate candidate : candidates) {
            if (candidate.provider().id().equals(provider)) {
                return term(function, new Offer(candidate, prices));
            }
        }
        return null;
    }

    private static PriceTerm term(PriceTerm.Function function, Offer offer) {
        return switch (function) {
            case COST -> new PriceTerm.Cost(offer);
            case INPUT_PRICE -> new PriceTerm.PerMillion(offer, false);
            case OUTPUT_PRICE -> new PriceTerm.PerMillion(offer, true);
        };
    }
}
