package io.costoptimal.gateway.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/** A connection of a {@link PacedClient} and the one request on it. Confined to its event loop, which is the client's. */
final class PacedConnection extends ChannelInboundHandlerAdapter {

    private final PacedClient client;
    private final AnswerEnd answer = new AnswerEnd();
    private ChannelHandlerContext context;
    private long due;
    private String why = "connection closed";

    PacedConnection(PacedClient client) {
        this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        client.ready(this);
    }

    /**
     * Sends {@code request}, which it takes.
     *
     * @param at when it was due, on the clock of {@link System#nanoTime}
     */
    void send(ByteBuf request, long at) {
        due = at;
        context.writeAndFlush(request);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws IOException {
        ByteBuf buf = (ByteBuf) msg;
        try {
            if (answer.read(buf)) {
                client.answered(System.nanoTime() - due);
                client.ready(this);
            }
        } finally {
            buf.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        client.closed(this, why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        why = cause.toString();
        ctx.close();
    }
}
