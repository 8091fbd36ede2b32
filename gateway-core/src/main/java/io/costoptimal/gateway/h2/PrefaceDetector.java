package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.accept.Shutdown;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells HTTP/2 by prior knowledge (RFC 9113, 3.3) from HTTP/1 by the first bytes of a connection, then goes; the bytes stay
 * for whoever comes after. The preface was chosen so that no request by HTTP/1 can begin like it. Confined to the
 * connection's event loop.
 */
public final class PrefaceDetector extends ByteToMessageDecoder {

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private final Duration patience;
    private final Runnable http1;
    private final Runnable http2;
    private Future<?> deadline;
    private boolean parting;

    /**
     * @param patience how long the client may take to show what it speaks
     * @param http1 adds what reads HTTP/1 to the pipeline; called once, or the other is
     * @param http2 adds what reads HTTP/2
     */
    public PrefaceDetector(Duration patience, Runnable http1, Runnable http2) {
        this.patience = patience;
        this.http1 = http1;
        this.http2 = http2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        deadline.cancel(false);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int n = Math.min(in.readableBytes(), PREFACE.readableBytes());
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE.getByte(i)) {
                go(ctx, http1);
                return;
            }
        }
        if (n == PREFACE.readableBytes()) {
            go(ctx, http2);
        }
    }

    private void go(ChannelHandlerContext ctx, Runnable next) {
        next.run();
        if (parting) {
            // Before the bytes that came, in which there may be a whole request.
            ctx.fireUserEventTriggered(Shutdown.PART);
        }
        ctx.pipeline().remove(this);
    }

    /** Nothing runs on this connection that could be waited for; one that may stay for a request is told later. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Shutdown.PART) {
            parting = true;
        } else if (event instanceof Shutdown) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }
}
