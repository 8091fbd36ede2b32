package io.costoptimal.gateway.server.models;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.upstream.Connector;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * One request for a list, and the body of its answer if that has status 200 and is not too long. Confined to its event loop,
 * but for {@link #body}.
 */
final class ModelAnswer extends SimpleChannelInboundHandler<HttpObject> implements Connector.Listener {

    private final FullHttpRequest request;
    private final int max;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();

    /**
     * @param request is sent once there is a connection
     * @param max bytes of the longest body
     */
    ModelAnswer(FullHttpRequest request, int max) {
        this.request = request;
        this.max = max;
    }

    /** The body, or what is wrong; the connection is closed with it. Any thread may cancel it. */
    CompletableFuture<byte[]> body() {
        return body;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addBefore(ctx.name(), null, new HttpClientCodec());
    }

    @Override
    public void connected(Channel channel) {
        body.whenComplete((all, failure) -> channel.close());
        channel.writeAndFlush(request);
    }

    @Override
    public void failed(UpstreamFailure failure) {
        fail(failure.cause());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            fail("not HTTP"); // the reason quotes the answer
        } else if (part instanceof HttpResponse head && head.status().code() != 200) {
            fail("status " + head.status().code());
        } else if (part instanceof HttpContent content) {
            add(content.content());
            if (part instanceof LastHttpContent) {
                body.complete(bytes.toByteArray());
            }
        }
    }

    private void add(ByteBuf piece) {
        if (bytes.size() + piece.readableBytes() > max) {
            fail("answer larger than " + max + " bytes");
            return;
        }
        byte[] copy = new byte[piece.readableBytes()];
        piece.readBytes(copy);
        bytes.writeBytes(copy);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            fail("connection closed before the whole answer");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("connection closed before the whole answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause.getClass().getSimpleName());
    }

    private void fail(String why) {
        body.completeExceptionally(new IOException(why));
    }
}
