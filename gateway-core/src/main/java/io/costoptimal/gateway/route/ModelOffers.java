package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import java.util.List;

/**
 * The candidates that one rule may ask the prices of: those of its model, and its own. The first at a provider counts, in
 * this order. Immutable, any thread.
 *
 * @param entry of the table that the rule belongs to, as it is written there
 * @param known what is known of costs
 */
record ModelOffers(List<Candidate> candidates, String entry, Choosers known) implements Offers {

    @Override
    public PriceTerm term(PriceTerm.Function function, String provider) {
        for (Candidate candidate : candidates) {
            if (candidate.provider().id().equals(provider)) {
                return term(function, new Offer(candidate, entry, known));
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
