package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.BodyStart;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.SecondLook;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.exchange.Unnamed;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * The stage between inspection and the provider: may this key ask for that model, and who serves it. Stateless,
 * shared by all clients.
 *
 * <p>Decides at once whenever the length of the body says enough about the token count. Only a rule that needs more sends
 * the body to the counting threads (trap 54); the exchange waits meanwhile and may end before the answer comes.
 */
public final class RouteStage implements Stage {

    private final TokenCounting counting;
    private final Duration atMost;

    /**
     * @param counting asked only for requests whose bounds leave a rule open
     * @param atMost how long such a request waits for its count
     */
    public RouteStage(TokenCounting counting, Duration atMost) {
        this.counting = counting;
        this.atMost = atMost;
    }

    @Override
    public void enter(Exchange exchange, Run run) {
        if (exchange.target().operation().model() == ModelPlace.NONE) {
            proceed(exchange, run, unnamed(exchange));
            return;
        }
        String asked = exchange.modelAsked();
        Rejection closed = exchange.policy().routes().closed(exchange.target().operation(), exchange.principal());
        Rejection refusal = closed != null ? closed : refusal(exchange, asked);
        if (refusal != null) {
            run.refuse(refusal);
            return;
        }
        Decision byPath = asked == null ? unnamed(exchange) : null;
        if (byPath != null) {
            proceed(exchange, run, byPath);
            return;
        }
        RoutingFacts facts = facts(exchange, asked);
        // A token has at least a byte of text, JSON takes no fewer bytes than the text in it, and the braces and
        // names of a message outweigh the tokens counted for it.
        // Of a body that goes on while it arrives, no text is counted.
        int longest = exchange.passing() == null ? exchange.body().length() : 0;
        TokenSource bounds = TokenSource.bounds(0, longest);
        Decision decision = exchange.policy().routes().decide(facts, bounds);
        if (decision == null) {
            count(exchange, run, facts);
        } else {
            proceed(exchange, run, decision);
        }
    }

    private static Decision unnamed(Exchange exchange) {
        return exchange.policy()
                .routes()
                .decide(new Unnamed(exchange.target().operation(), exchange.principal(), exchange.owner()));
    }

    /** Why this key may not have the request served; {@code null} when it may. */
    private static Rejection refusal(Exchange exchange, String asked) {
        Principal caller = exchange.principal();
        if (!caller.mayUse(asked, exchange.policy().routes())) {
            String which = asked == null ? "a model that the request does not name" : "the model `" + asked + "`";
            return notAllowed("This key may not use " + which + ".");
        }
        if (exchange.facts().model().alternatives() && !caller.models().isAll()) {
            return notAllowed(
                    "This key is for certain models, so its requests must not let the provider choose others by"
                            + " `models`, `fallbacks`, `route`, `preset` and the like.");
        }
        return null;
    }

    private static Rejection notAllowed(String message) {
        return Rejection.of(403, "model_not_allowed", message);
    }

    private static RoutingFacts facts(Exchange exchange, String asked) {
        return new RoutingFacts(
                asked,
                exchange.target().operation().path(),
                exchange.facts(),
                exchange.startedMillis(),
                new RoutingFacts.Caller(
                        exchange.principal().name(),
                        exchange.clientAddress(),
                        new RuleHeaders(exchange.request().headers()),
                        exchange.passing() == null ? exchange.body() : BodyStart.NONE));
    }

    private void count(Exchange exchange, Run run, RoutingFacts facts) {
        try {
            new CountJob(counting, exchange, run, facts).start(atMost);
        } catch (RejectedExecutionException full) {
            run.refuse(Rejection.overloaded("Too many requests are waiting for their tokens to be counted."));
        }
    }

    /** Goes on with {@code exchange}, for which the routes have decided: an embedder may look at that once more. */
    static void proceed(Exchange exchange, Run run, Decision decision) {
        SecondLook second = exchange.policy().routes().secondLook();
        if (second == null || decision.candidates().isEmpty()) {
            decided(exchange, run, decision);
        } else {
            SecondLooks.ask(second, exchange, run, decision);
        }
    }

    /** Goes on with {@code exchange}, whose {@code decision} stands. */
    static void decided(Exchange exchange, Run run, Decision decision) {
        if (decision.match().refusal() != null) {
            // Logs and metrics say which rule it was.
            exchange.routed(decision);
            run.refuse(decision.match().refusal());
            return;
        }
        if (decision.candidates().isEmpty()) {
            String asked = exchange.modelAsked();
            run.refuse(asked == null ? Rejection.missingModel() : Rejection.unknownModel(asked));
            return;
        }
        Decision owned = Owned.only(exchange, decision);
        if (owned.candidates().isEmpty()) {
            run.refuse(Owned.ELSEWHERE);
            return;
        }
        Decision nameable = Deployments.nameable(exchange, owned);
        if (nameable.candidates().isEmpty()) {
            run.refuse(Rejection.missingModel());
            return;
        }
        Decision usable = ClientCredential.usable(exchange, nameable);
        if (usable.candidates().isEmpty()) {
            run.refuse(ClientCredential.MISSING);
            return;
        }
        exchange.routed(usable);
        run.next();
    }
}
