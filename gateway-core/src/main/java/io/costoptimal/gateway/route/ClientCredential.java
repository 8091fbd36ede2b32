package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.CredentialFields;
import java.util.List;

/** Sees to it that a provider which wants the client's own credential is asked only for clients that bring one. Stateless. */
final class ClientCredential {

    /** When nobody else serves the model. */
    static final Rejection MISSING = Rejection.of(
            401,
            null,
            "This model needs your own API key of its provider. Send that one in its usual header, and the gateway's key in an"
                    + " x-gateway-key header.");

    private ClientCredential() {}

    /** The same decision without the candidates that {@code exchange} has no credential for. */
    static Decision usable(Exchange exchange, Decision decision) {
        if (!needed(decision.candidates())
                || CredentialFields.bringOwnKey(exchange.request().headers(), exchange.gatewayKey())) {
            return decision;
        }
        List<Candidate> others = decision.candidates().stream()
                .filter(candidate -> !candidate.provider().access().clientsOwn())
                .toList();
        return decision.with(decision.choice().with(others));
    }

    private static boolean needed(List<Candidate> candidates) {
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).provider().access().clientsOwn()) {
                return true;
            }
        }
        return false;
    }
}
