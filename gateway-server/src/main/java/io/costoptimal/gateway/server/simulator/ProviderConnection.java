package io.costoptimal.gateway.server.simulator;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.ArrayDeque;
import java.util.Queue;

/** One client connection: answers its requests in order. Confined to its event loop. */
final class ProviderConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

    private final Answers answers;
    private final Traffic traffic;
    private final Queue<Ordered> waiting = new ArrayDeque<>(0);

    private ReplyPlayer player;

    private record Ordered(Reply reply, Sale sale) {}

    ProviderConnection(Answers answers, Traffic traffic) {
        this.answers = answers;
        this.traffic = traffic;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            ctx.close();
            return;
        }
        Sale sale = traffic.arrived(request);
        Reply reply = answers.to(request);
        sale.decided(reply);
        Ordered ordered = new Ordered(reply, sale);
        if (player == null) {
            play(ctx, ordered);
        } else {
            waiting.add(ordered);
        }
    }

    private void play(ChannelHandlerContext ctx, Ordered ordered) {
        player = new ReplyPlayer(ctx.channel(), ordered.reply, ordered.sale, () -> {
            traffic.answered();
            player = null;
            Ordered following = waiting.poll();
            if (following != null) {
                play(ctx, following);
            }
        });
        player.start();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (player != null) {
            player.writabilityChanged();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (player != null && !player.over()) {
            player.cancel();
            traffic.cancelled();
        }
        waiting.clear();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
