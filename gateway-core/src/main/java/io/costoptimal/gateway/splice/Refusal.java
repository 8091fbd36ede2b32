package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.UpstreamFailure;

/** What a client is told when no candidate gave an answer. Stateless. */
final class Refusal {

    private Refusal() {}

    /** Says what kind of failure it was and no more: its cause may name hosts, which are the operator's business. */
    static Rejection of(UpstreamFailure failure) {
        return switch (failure.status()) {
            case 503 -> Rejection.overloaded("All connections to the provider are in use.");
            case 504 -> Rejection.of(504, "upstream_timeout", "The provider did not answer in time.");
            default ->
                Rejection.of(502, "upstream_error", "The provider could not be reached or gave no valid answer.");
        };
    }
}
