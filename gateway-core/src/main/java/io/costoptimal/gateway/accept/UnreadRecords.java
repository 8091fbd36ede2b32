package io.costoptimal.gateway.accept;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;

/**
 * Stands below TLS that has said close_notify, and drops what the client still sends. The engine must not see any of it: BoringSSL
 * takes data after its own close_notify for an error and gives the connection up, which would be a reset, and the client might
 * lose an answer that it has not read. Confined to the event loop of its connection.
 */
final class UnreadRecords extends ChannelInboundHandlerAdapter {

    private final Runnable tooMuch;
    private long left;

    private UnreadRecords(long most, Runnable tooMuch) {
        this.left = most;
        this.tooMuch = tooMuch;
    }

    /**
     * From now on nothing that arrives reaches the TLS of {@code pipeline}.
     *
     * @param most bytes that are dropped
     * @param tooMuch run once, when more have come
     */
    static void drop(ChannelPipeline pipeline, long most, Runnable tooMuch) {
        pipeline.addBefore(pipeline.context(SslHandler.class).name(), "unread", new UnreadRecords(most, tooMuch));
        pipeline.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf records = (ByteBuf) msg;
        int n = records.readableBytes();
        records.release();
        if (left >= 0) {
            left -= n;
            if (left < 0) {
                tooMuch.run();
            }
        }
    }
}
