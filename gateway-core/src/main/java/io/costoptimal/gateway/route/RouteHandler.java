package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;

/**
 * The stage between inspection and the provider: may this key ask for that model, and who serves it. Has no state of its
 * own; shared by all connections, each on its event loop.
 *
 * <p>Decides at once whenever the length of the body says enough about the token count. Only a rule that needs more sends
 * the body to the counting threads (trap 54); the exchange waits meanwhile and may end before the answer comes.
 */
@Sharable
public final class RouteHandler extends ChannelInboundHandlerAdapter {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(RouteHandler.class);

    private final TokenCounting counting;

    /** @param counting asked only for requests whose bounds leave a rule open */
    public RouteHandler(TokenCounting counting) {
        this.counting = counting;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Exchange exchange) {
            route(ctx, exchange);
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    private void route(ChannelHandlerContext ctx, Exchange exchange) {
        String asked = exchange.modelAsked();
        if (!exchange.principal().mayUse(asked)) {
            ctx.writeAndFlush(
                    Rejection.of(403, "model_not_allowed", "This key may not use the model `" + asked + "`."));
            return;
        }
        RoutingFacts facts = facts(exchange, asked);
        // A token has at least a byte of text, JSON takes no fewer bytes than the text in it, and the braces and names
        // of
        // a message outweigh the tokens counted for it.
        TokenSource bounds = TokenSource.bounds(0, exchange.body().length());
        Decision decision = exchange.policy().routes().decide(facts, bounds);
        if (decision == null) {
            count(ctx, exchange, facts);
        } else {
            proceed(ctx, exchange, decision);
        }
    }

    private static RoutingFacts facts(Exchange exchange, String asked) {
        return new RoutingFacts(
                asked,
                exchange.target().endpoint().path(),
                exchange.facts().stream(),
                exchange.facts().maxTokens(),
                new RoutingFacts.Caller(
                        exchange.principal().name(),
                        new RuleHeaders(exchange.request().headers())));
    }

    private void count(ChannelHandlerContext ctx, Exchange exchange, RoutingFacts facts) {
        // Copied by the thread that counts: a queue of long bodies is to fill neither the heap nor this loop's time.
        ByteBuf body = exchange.body().share();
        try {
            counting.execute(() -> {
                Decision decision = decideByCounting(exchange, facts, body);
                ctx.executor().execute(() -> counted(ctx, exchange, decision));
            });
        } catch (RejectedExecutionException full) {
            body.release();
            ctx.writeAndFlush(Rejection.overloaded("Too many requests are waiting for their tokens to be counted."));
        }
    }

    /**
     * Runs on a counting thread; {@code null} when counting failed, which is a defect and must still be answered.
     *
     * @param shared taken
     */
    private Decision decideByCounting(Exchange exchange, RoutingFacts facts, ByteBuf shared) {
        try {
            byte[] body = bytes(shared);
            Routes routes = exchange.policy().routes();
            String model = routes.resolve(facts.model());
            return routes.decide(facts, counting.source(exchange.target().endpoint(), model, body));
        } catch (Throwable e) {
            LOG.error("counting_failed exchange={}", exchange.id(), e);
            return null;
        }
    }

    private static byte[] bytes(ByteBuf shared) {
        try {
            return ByteBufUtil.getBytes(shared);
        } finally {
            shared.release();
        }
    }

    private static void counted(ChannelHandlerContext ctx, Exchange exchange, Decision decision) {
        if (exchange.ended()) {
            return;
        }
        if (decision == null) {
            ctx.writeAndFlush(Rejection.internal());
            return;
        }
        try {
            proceed(ctx, exchange, decision);
        } catch (Throwable e) {
            ctx.fireExceptionCaught(e);
        }
    }

    private static void proceed(ChannelHandlerContext ctx, Exchange exchange, Decision decision) {
        if (decision.candidates().isEmpty()) {
            ctx.writeAndFlush(Rejection.unknownModel(exchange.modelAsked()));
            return;
        }
        exchange.routed(decision);
        ctx.fireChannelRead(exchange);
    }
}
