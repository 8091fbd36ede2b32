package io.costoptimal.gateway.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends a whole HTTP/1.1 request as the frames of one HTTP/2 stream, and reads the bytes of the answer's body. */
final class FramesOfStream extends ChannelDuplexHandler {

    private static final String HEAD_END = "\r\n\r\n";

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf request = (ByteBuf) msg;
        String text = request.toString(StandardCharsets.ISO_8859_1);
        String[] lines = text.substring(0, text.indexOf(HEAD_END)).split("\r\n");
        String[] target = lines[0].split(" ");
        Http2Headers headers =
                new DefaultHttp2Headers().method(target[0]).path(target[1]).scheme("https");
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            headers.add(
                    name.equals("host") ? ":authority" : name,
                    lines[i].substring(colon + 1).strip());
        }
        ctx.write(new DefaultHttp2HeadersFrame(headers));
        request.skipBytes(text.indexOf(HEAD_END) + HEAD_END.length());
        ctx.write(new DefaultHttp2DataFrame(request, true), promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Http2DataFrame) {
            ctx.fireChannelRead(((Http2DataFrame) msg).content());
        } else {
            ReferenceCountUtil.release(msg);
        }
    }
}
