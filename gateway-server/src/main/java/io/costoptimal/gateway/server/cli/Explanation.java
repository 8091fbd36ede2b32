package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.accept.Targets;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.inspect.BodyBudget;
import io.costoptimal.gateway.inspect.InspectHandler;
import io.costoptimal.gateway.route.RouteHandler;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.tokens.CountingPool;
import io.costoptimal.gateway.upstream.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What the gateway would do with one request, found out by its own stages: inspection and routing run as they do in
 * {@code serve}, on a channel without a network. Used by one thread, then closed.
 */
final class Explanation implements AutoCloseable {

    private final Exchange exchange;
    private final Rejection refusal;

    private Explanation(Exchange exchange, Rejection refusal) {
        this.exchange = exchange;
        this.refusal = refusal;
    }

    /**
     * Follows {@code request} to the point where a provider would be asked.
     *
     * @param body the whole body
     * @param caller who asks; the stage that finds out is left out
     */
    static Explanation of(GatewayConfig config, HttpRequest request, byte[] body, Principal caller) {
        Target target = Targets.of(request);
        Rejection refusal = Targets.refusal(request, target);
        Exchange exchange = new Exchange(request, target, true, config.snapshot());
        if (refusal == null && target.endpoint().handling() == Endpoint.Handling.PROXIED) {
            exchange.authenticated(caller);
            refusal = route(exchange, config.engine().limits().body(), body);
        }
        return new Explanation(exchange, refusal);
    }

    private static Rejection route(Exchange exchange, Limits.Body limits, byte[] body) {
        try (CountingPool pool = new CountingPool()) {
            EmbeddedChannel stages = new EmbeddedChannel(
                    new InspectHandler(limits, new BodyBudget(limits.heldBytes())),
                    new RouteHandler(new Inline(pool), NO_HURRY));
            stages.writeInbound(exchange, new DefaultLastHttpContent(Unpooled.wrappedBuffer(body)));
            stages.runPendingTasks();
            Rejection refusal = null;
            for (Object written = stages.readOutbound(); written != null; written = stages.readOutbound()) {
                refusal = written instanceof Rejection rejection ? rejection : refusal;
            }
            return refusal;
        }
    }

    private static final Duration NO_HURRY = Duration.ofDays(1);

    /** Counts where it is asked: here nobody waits but the caller. */
    private record Inline(CountingPool pool) implements TokenCounting {

        @Override
        public TokenSource source(Endpoint endpoint, String model, ByteBuf body, BooleanSupplier cancelled) {
            return pool.source(endpoint, model, body, cancelled);
        }

        @Override
        public void execute(Runnable job) {
            job.run();
        }

        @Override
        public boolean remove(Runnable job) {
            return false;
        }
    }

    /** The exchange; has a decision unless it is refused or needs no provider. */
    Exchange exchange() {
        return exchange;
    }

    /** Why the request would be refused; {@code null} when it would not. */
    Rejection refusal() {
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
