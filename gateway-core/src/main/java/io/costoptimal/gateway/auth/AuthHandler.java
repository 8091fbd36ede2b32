package io.costoptimal.gateway.auth;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.CredentialFields;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

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
                    + " (i.e. Authorization: Bearer YOUR_KEY), or in an x-api-key, api-key or x-gateway-key header.");
    private static final Rejection SEVERAL_KEYS =
            Rejection.of(401, "invalid_api_key", "You provided several API keys of this gateway. Provide one.");
    private static final Rejection WRONG_KEY = Rejection.of(401, "invalid_api_key", "Incorrect API key provided.");

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof Exchange exchange)) {
            ctx.fireChannelRead(msg);
            return;
        }
        if (exchange.target().operation().handling() == Handling.OPEN) {
            exchange.authenticated(null);
            ctx.fireChannelRead(exchange);
            return;
        }
        Rejection refusal = admit(exchange);
        if (refusal == null) {
            ctx.fireChannelRead(exchange);
        } else {
            ctx.writeAndFlush(refusal);
        }
    }

    /**
     * {@code null} when the client is let in. Some clients send a key of somebody else's beside ours; the one that is ours
     * counts. Two that are ours are refused, because it would be left to chance whose request this is.
     */
    private static Rejection admit(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        String only = CredentialFields.onlyKey(headers);
        if (only == null) {
            return admit(exchange, CredentialFields.keys(headers));
        }
        Principal owner = exchange.policy().keys().find(CredentialFields.text(only));
        if (owner == null) {
            return WRONG_KEY;
        }
        exchange.authenticated(owner, only);
        return null;
    }

    private static Rejection admit(Exchange exchange, List<String> presented) {
        if (presented.isEmpty()) {
            return NO_KEY;
        }
        Keys keys = exchange.policy().keys();
        Principal owner = null;
        String ours = null;
        for (int i = 0; i < presented.size(); i++) {
            Principal found = keys.find(CredentialFields.text(presented.get(i)));
            if (found != null && owner != null) {
                return SEVERAL_KEYS;
            }
            if (found != null) {
                owner = found;
                ours = presented.get(i);
            }
        }
        if (owner == null) {
            return WRONG_KEY;
        }
        exchange.authenticated(owner, ours);
        return null;
    }
}
