package io.costoptimal.gateway.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What a client is told that speaks plain HTTP where TLS is spoken. Stateless. */
final class PlainHttpRefusal {

    private static final String BODY =
            "{\"error\":{\"message\":\"This port speaks HTTPS, and the request came as plain HTTP."
                    + " Use https:// in the base URL.\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}";

    private static final byte[] ANSWER =
            ("HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: " + BODY.length()
                            + "\r\nx-should-retry: false\r\nconnection: close\r\n\r\n" + BODY)
                    .getBytes(StandardCharsets.US_ASCII);

    /** How long the rest of the request is read and dropped, since a close under it would destroy the answer. */
    private static final long LINGER_SECONDS = 2;

    private PlainHttpRefusal() {}

    /** Answers, and ends the connection so that the answer can be read. */
    static void send(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        ctx.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)).addListener((ChannelFutureListener) sent -> {
            if (!sent.isSuccess() || !(channel instanceof DuplexChannel duplex)) {
                channel.close();
                return;
            }
            duplex.shutdownOutput();
            channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        });
    }
}
