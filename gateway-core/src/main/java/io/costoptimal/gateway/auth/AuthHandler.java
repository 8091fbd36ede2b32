package io.costoptimal.gateway.auth;

import io.costoptimal.gateway.exchange.Endpoint.Handling;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Lets in whoever presents a key of the exchange's policy, on the head alone: a refused client's body is never asked for,
 * let alone held (traps 35 and 50). Stateless, shared by all connections.
 */
@Sharable
public final class AuthHandler extends ChannelInboundHandlerAdapter {

    private static final Rejection NO_KEY = Rejection.of(
            401,
            null,
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth"
                    + " (i.e. Authorization: Bearer YOUR_KEY), or in an x-api-key or api-key header.");
    private static final Rejection SEVERAL_KEYS =
            Rejection.of(401, "invalid_api_key", "You provided several API keys that differ. Provide one.");
    private static final Rejection WRONG_KEY = Rejection.of(401, "invalid_api_key", "Incorrect API key provided.");

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof Exchange exchange)) {
            ctx.fireChannelRead(msg);
            return;
        }
        if (exchange.target().endpoint().handling() == Handling.OPEN) {
            exchange.authenticated(null);
            ctx.fireChannelRead(exchange);
            return;
        }
        Credentials credentials = Credentials.of(exchange.request().headers());
        Rejection refusal = switch (credentials.found()) {
            case NONE -> NO_KEY;
            case SEVERAL -> SEVERAL_KEYS;
            case ONE -> admit(exchange, credentials.key());
        };
        if (refusal == null) {
            ctx.fireChannelRead(exchange);
        } else {
            ctx.writeAndFlush(refusal);
        }
    }

    /** {@code null} when the key has an owner. */
    private static Rejection admit(Exchange exchange, String key) {
        Principal owner = exchange.policy().keys().find(key);
        if (owner == null) {
            return WRONG_KEY;
        }
        exchange.authenticated(owner);
        return null;
    }
}
