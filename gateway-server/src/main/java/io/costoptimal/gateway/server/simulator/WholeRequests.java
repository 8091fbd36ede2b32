package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** Collects request bodies, and asks for them where a client waits to be asked; there is no encoder to do it for us. */
final class WholeRequests extends HttpObjectAggregator {

    private static final int MAX_BODY = 1 << 28;

    WholeRequests() {
        super(MAX_BODY);
    }

    @Override
    protected Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        return HttpUtil.is100ContinueExpected(start)
                ? ByteBufUtil.encodeString(
                        pipeline.channel().alloc(),
                        CharBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n"),
                        StandardCharsets.US_ASCII)
                : null;
    }
}
