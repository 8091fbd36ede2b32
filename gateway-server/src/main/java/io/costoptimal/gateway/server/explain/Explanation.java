package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.accept.Targets;
import io.costoptimal.gateway.cost.CostChooser;
import io.costoptimal.gateway.cost.CostInterval;
import io.costoptimal.gateway.cost.Demand;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.inspect.BodyBudget;
import io.costoptimal.gateway.inspect.InspectStage;
import io.costoptimal.gateway.route.RouteStage;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.route.RuleTrace;
import io.costoptimal.gateway.stage.Stage;
import io.costoptimal.gateway.tokens.CountingPool;
import io.costoptimal.gateway.upstream.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What the gateway would do with one request, found out by its own stages: inspection and routing run as they do in
 * {@code serve}, without a client. Used by one thread, then closed.
 */
public final class Explanation implements AutoCloseable {

    private static final Duration NO_HURRY = Duration.ofDays(1);

    private final Witness routes;
    private final Exchange exchange;
    private Rejection refusal;
    private long tokens = InlineCounting.NOT_COUNTED;

    private Explanation(Snapshot snapshot, Witness routes, HttpRequest request, Target target) {
        this.routes = routes;
        refusal = Targets.refusal(request, target, snapshot.operations());
        Snapshot witnessed =
                new Snapshot(snapshot.keys(), routes, snapshot.operations(), snapshot.crossOrigin(), snapshot.prices());
        exchange = new Exchange(request, target, witnessed);
    }

    /**
     * Follows {@code request} to the point where a provider would be asked.
     *
     * @param limits what a body may be
     * @param body the whole body
     * @param caller who asks; the stage that finds out is left out
     */
    public static Explanation of(
            Snapshot snapshot, Limits.Body limits, HttpRequest request, byte[] body, Principal caller) {
        return of(snapshot, limits, request, body, new Asked(caller, System.currentTimeMillis(), null));
    }

    /**
     * Who asks, and when.
     *
     * @param caller of whom rules know
     * @param atMillis since 1970
     * @param address of the client; {@code null} for one that has none
     */
    public record Asked(Principal caller, long atMillis, String address) {}

    /** The same for a request that comes at another time. */
    public static Explanation of(Snapshot snapshot, Limits.Body limits, HttpRequest request, byte[] body, Asked asked) {
        Target target = Targets.of(request, snapshot.operations());
        Witness routes = new Witness((Router) snapshot.routes(), asked.atMillis());
        Explanation explanation = new Explanation(snapshot, routes, request, target);
        if (explanation.refusal == null && target.operation().proxied()) {
            explanation.exchange.clientAddress(asked.address());
            explanation.exchange.authenticated(asked.caller());
            explanation.route(limits, body);
        }
        return explanation;
    }

    private void route(Limits.Body limits, byte[] body) {
        try (CountingPool pool = new CountingPool()) {
            InlineCounting counting = new InlineCounting(pool);
            List<Stage> stages = List.of(
                    new InspectStage(limits, new BodyBudget(limits.heldBytes())), new RouteStage(counting, NO_HURRY));
            refusal = new Rehearsal(exchange, stages).play(body);
            tokens = counting.exact();
        }
    }

    /**
     * How a rule came out for this request, with the exact token count if it was counted; {@code null} when no rule was
     * asked.
     *
     * @param place of the rule in the entry that was decided by, from 0
     */
    RuleTrace trace(int place) {
        RoutingFacts facts = routes.resolved();
        Decision decision = exchange.decision();
        if (facts == null || decision == null) {
            return null;
        }
        return routes.router().rule(decision.entry(), place).trace(facts, known(decision));
    }

    /** What is known of the token count now: more than when it was decided, if it was counted. */
    private TokenSource known(Decision decision) {
        boolean counted = decision.tokens().counted() && tokens != InlineCounting.NOT_COUNTED;
        return counted
                ? TokenSource.bounds(tokens, tokens)
                : TokenSource.bounds(decision.tokens().low(), decision.tokens().high());
    }

    /** What the request may cost at {@code candidate}; {@code null} without a price. */
    CostInterval cost(Candidate candidate) {
        Price price = exchange.policy().prices().of(candidate.provider(), exchange.nameFor(candidate));
        RequestFacts body = exchange.facts();
        if (price == null || body == null) {
            return null;
        }
        Demand demand = new Demand(
                Math.max(1, body.output().answers()),
                body.maxTokens(),
                -1,
                !body.content().nonText() && !body.content().outside(),
                null);
        return new CostChooser(List.of(price)).interval(0, demand, ofText(known(exchange.decision()), body));
    }

    /** As choices take it: long values that are no text cost nothing that is known. */
    private static TokenSource ofText(TokenSource known, RequestFacts body) {
        return TokenSource.bounds(known.low(), Math.max(known.low(), Math.min(known.high(), body.textBytes())));
    }

    /** All tokens of the request, if counting was needed at all; else {@link InlineCounting#NOT_COUNTED}. */
    long tokens() {
        return tokens;
    }

    /** The exchange; has a decision unless it is refused or needs no provider. */
    Exchange exchange() {
        return exchange;
    }

    /** Why the request would be refused; {@code null} when it would not. */
    public Rejection refusal() {
        return refusal;
    }

    /** The URL that {@code candidate} would be asked at, read off the very head it would be sent. */
    String url(Candidate candidate) {
        ByteBuf head = RequestHead.write(
                ByteBufAllocator.DEFAULT, exchange, candidate, exchange.facts().bytes(), 0);
        try {
            String line = head.toString(StandardCharsets.ISO_8859_1);
            String path = line.substring(line.indexOf(' ') + 1, line.indexOf(" HTTP/1.1\r\n"));
            Location location = candidate.provider().location();
            return (location.secure() ? "https://" : "http://") + location.authority() + path;
        } finally {
            head.release();
        }
    }

    @Override
    public void close() {
        exchange.end(Outcome.LOCAL);
    }
}
