package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.accept.Targets;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.inspect.BodyBudget;
import io.costoptimal.gateway.inspect.InspectStage;
import io.costoptimal.gateway.route.RouteStage;
import io.costoptimal.gateway.route.Rule;
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

    private Explanation(Snapshot snapshot, HttpRequest request, Target target) {
        routes = new Witness(snapshot.routes());
        refusal = Targets.refusal(request, target);
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
        Target target = Targets.of(request, snapshot.operations());
        Explanation explanation = new Explanation(snapshot, request, target);
        if (explanation.refusal == null && target.operation().proxied()) {
            explanation.exchange.authenticated(caller);
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
     * How {@code rule} came out for this request, with the exact token count if it was counted; {@code null} when no rule
     * was asked.
     */
    RuleTrace trace(Rule rule) {
        RoutingFacts facts = routes.resolved();
        Decision decision = exchange.decision();
        if (facts == null || decision == null) {
            return null;
        }
        boolean counted = decision.tokens().counted() && tokens != InlineCounting.NOT_COUNTED;
        return rule.trace(
                facts,
                counted
                        ? TokenSource.bounds(tokens, tokens)
                        : TokenSource.bounds(
                                decision.tokens().low(), decision.tokens().high()));
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
