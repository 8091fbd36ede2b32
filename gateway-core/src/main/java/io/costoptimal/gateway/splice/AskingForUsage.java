package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.upstream.RequestEdits;

/**
 * Which attempts of one relay ask for usage that the client did not ask for, and what follows where a provider refuses the
 * question: the same candidate is asked once more without it. Confined to the relay's event loop.
 */
final class AskingForUsage {

    private final Relay relay;
    private final UsageRefusals refusals;

    /** Who refused the question within this exchange; {@code null} when nobody did. */
    private Candidate refused;

    AskingForUsage(Relay relay, UsageRefusals refusals) {
        this.relay = relay;
        this.refusals = refusals;
    }

    /** An attempt begins. */
    void begin(Exchange exchange) {
        Candidate candidate = exchange.candidate();
        if (RequestEdits.mayAskForUsage(exchange, candidate)
                && candidate != refused
                && !refusals.refuses(candidate.provider(), exchange.modelSent(), now())) {
            exchange.asksForUsage();
        }
    }

    /** Whether an answer of {@code status} may be about the question, so that its body has to be looked at. */
    boolean mayBeRefusedBy(int status) {
        return (status == 400 || status == 422) && relay.exchange().askedForUsage();
    }

    /** The present attempt was refused for the question. */
    void refused() {
        refused = relay.exchange().candidate();
    }

    /** The present attempt's answer has begun, with {@code status}. */
    void answered(int status) {
        if (refused != null && status < 400 && relay.exchange().candidate() == refused) {
            refusals.note(refused.provider(), relay.exchange().modelSent(), now());
        }
    }

    private long now() {
        return relay.client().loop().ticker().nanoTime();
    }

    /** The exchange is over. */
    void over() {
        refused = null;
    }
}
