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
    private final Queue<Reply> waiting = new ArrayDeque<>(0);

    private ReplyPlayer player;

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
        traffic.arrived(request);
        Reply reply = answers.to(request);
        if (player == null) {
            play(ctx, reply);
        } else {
            waiting.add(reply);
        }
    }

    private void play(ChannelHandlerContext ctx, Reply reply) {
        player = new ReplyPlayer(ctx.channel(), reply, () -> {
            traffic.answered();
            player = null;
            Reply following = waiting.poll();
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
