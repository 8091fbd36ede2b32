package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Operation;
import java.util.List;

/**
 * Sees to it that a provider which has the model in its path is asked only where there is a name to put there. Stateless.
 */
final class Deployments {

    private Deployments() {}

    /** The same decision without the candidates whose path would have no name in it. */
    static Decision nameable(Exchange exchange, Decision decision) {
        Operation operation = exchange.target().operation();
        if (decision.model() != null || !operation.model().byDeployment()) {
            return decision;
        }
        List<Candidate> named = decision.candidates().stream()
                .filter(candidate -> decision.nameFor(candidate) != null || !isByDeployment(exchange, candidate))
                .toList();
        return decision.with(decision.choice().with(named));
    }

    private static boolean isByDeployment(Exchange exchange, Candidate candidate) {
        Operation operation = exchange.operationFor(candidate);
        return candidate.provider().kind().path(candidate.provider(), operation).byDeployment();
    }
}
