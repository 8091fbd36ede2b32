package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Rejection;
import java.util.List;

/** Sees to it that a request about objects goes to the provider that keeps them, and to no other when that fails. Stateless. */
final class Owned {

    /** What is answered when that provider does not serve the model. */
    static final Rejection ELSEWHERE = Rejection.of(
            400,
            null,
            "The request is about objects of a provider that does not serve this model, and others do not have them.");

    private Owned() {}

    /** The same decision with no candidate but those at the owner of the objects; all of it where there is no owner. */
    static Decision only(Exchange exchange, Decision decision) {
        String owner = exchange.owner();
        if (owner == null) {
            return decision;
        }
        List<Candidate> there = decision.candidates().stream()
                .filter(candidate -> candidate.provider().id().equals(owner))
                .toList();
        return there.size() == decision.candidates().size()
                ? decision
                : decision.with(decision.choice().with(there));
    }
}
