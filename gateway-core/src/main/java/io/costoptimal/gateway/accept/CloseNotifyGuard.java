package io.costoptimal.gateway.accept;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands below TLS and holds back close_notify, by which an answer would look whole, until it may be said. TLS engines say it of
 * themselves as soon as the client has said it (RFC 5246 section 7.2.1), in the middle of an answer too. Confined to the event
 * loop of its connection.
 */
public final class CloseNotifyGuard extends ChannelOutboundHandlerAdapter {

    private final SslHandler tls;
    private boolean permitted;

    private CloseNotifyGuard(SslHandler tls) {
        this.tls = tls;
    }

    /** Puts one below the TLS of {@code pipeline}; {@code null} where there is none. */
    public static CloseNotifyGuard below(ChannelPipeline pipeline) {
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        if (tls == null) {
            return null;
        }
        CloseNotifyGuard guard = new CloseNotifyGuard((SslHandler) tls.handler());
        pipeline.addBefore(tls.name(), "close-notify", guard);
        return guard;
    }

    /** The last answer is whole, or there is none: the end may be said. */
    public void permit() {
        permitted = true;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object record, ChannelPromise promise) {
        // An engine that is done has put its last word, which is close_notify or another alert, into this record.
        if (permitted
                || !tls.engine().isOutboundDone()
                || !tls.handshakeFuture().isSuccess()) {
            ctx.write(record, promise);
        } else {
            ReferenceCountUtil.release(record);
            promise.trySuccess();
        }
    }
}
