package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.http.WriteProgress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The two ways out of a connection, and whether a flush still gets on. Confined to the connection's event loop. */
final class Exit {

    private final ChannelHandlerContext ctx;
    private final WriteProgress progress;

    Exit(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        progress = new WriteProgress(ctx.channel());
    }

    /** Begins to look whether a flush gets on, for {@link #progressed}. */
    void watch() {
        progress.made();
    }

    /** Whether the client has taken some of what was to be flushed since the last look, and some is left. */
    boolean progressed() {
        ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
        return progress.made() && buffer != null && !buffer.isEmpty();
    }

    /**
     * Says that nothing more will come, and leaves the other direction open: a close under unread input resets the
     * connection, and destroys an answer that the client has not read yet.
     */
    void shutOutput() {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutTransport();
        } else {
            tls.closeOutbound().addListener(sent -> shutTransport());
        }
    }

    private void shutTransport() {
        Channel channel = ctx.channel();
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }

    /** Makes the coming close a reset, which no client takes for the end of an answer. */
    void resetOnClose() {
        // A write that failed has closed it already, and a closed socket takes no options.
        if (ctx.channel().isOpen()) {
            // A socket that has just been closed, by a write that failed, takes no option any more.
            if (ctx.channel().isOpen()) {
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
        }
    }
}
