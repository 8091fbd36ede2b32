package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Rejection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Answers what no provider is asked for, once the request has been read; passes everything else. One per client
 * connection, confined to its event loop.
 */
public final class LocalHandler extends ChannelInboundHandlerAdapter {

    /** These operations have no use for a body; more than this of one is refused. */
    private static final int MAX_BODY = 64 * 1024;

    private final LocalService service;

    private Exchange waiting;

    public LocalHandler(LocalService service) {
        this.service = service;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Exchange exchange && !exchange.target().operation().proxied()) {
            waiting = exchange;
        } else if (waiting != null && msg instanceof HttpContent content) {
            content.release();
            bodyPart(ctx, content instanceof LastHttpContent);
        } else {
            waiting = null;
            ctx.fireChannelRead(msg);
        }
    }

    private void bodyPart(ChannelHandlerContext ctx, boolean last) {
        Exchange exchange = waiting;
        if (exchange.requestBytes() > MAX_BODY) {
            waiting = null;
            ctx.writeAndFlush(Rejection.of(413, null, "This operation takes no body."));
        } else if (last) {
            waiting = null;
            boolean preflight = exchange.target().operation() == Operations.PREFLIGHT;
            ctx.writeAndFlush(preflight ? Preflight.answer(exchange) : service.answer(exchange));
        }
    }
}
