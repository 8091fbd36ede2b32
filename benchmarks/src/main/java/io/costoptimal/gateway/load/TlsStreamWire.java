package io.costoptimal.gateway.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** Streams over TLS, by HTTP/1.1 or HTTP/2. Any certificate will do: the proxy is one the harness has started. */
final class TlsStreamWire implements StreamWire {

    private final SslContext tls;
    private final Wire wire;

    TlsStreamWire(Wire wire) throws SSLException {
        this.wire = wire;
        String protocol = wire == Wire.HTTP2 ? ApplicationProtocolNames.HTTP_2 : ApplicationProtocolNames.HTTP_1_1;
        tls = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocol))
                .build();
    }

    @Override
    public int perConnection() {
        return wire.streams();
    }

    @Override
    public void prepare(Channel connection, Supplier<ChannelHandler> streams) {
        connection.pipeline().addLast(tls.newHandler(connection.alloc()));
        if (wire == Wire.HTTP1) {
            connection.pipeline().addLast(streams.get());
            return;
        }
        connection
                .pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forClient()
                                .initialSettings(Http2Settings.defaultSettings()
                                        .pushEnabled(false)
                                        .initialWindowSize(1 << 20))
                                .build(),
                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                        new Opener(streams));
    }

    /** Opens the streams of a connection once the server has agreed to HTTP/2. */
    private final class Opener extends ChannelInboundHandlerAdapter {

        private final Supplier<ChannelHandler> streams;

        Opener(Supplier<ChannelHandler> streams) {
            this.streams = streams;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent) {
                String agreed = ctx.pipeline().get(SslHandler.class).applicationProtocol();
                for (int i = 0; ApplicationProtocolNames.HTTP_2.equals(agreed) && i < wire.streams(); i++) {
                    open(ctx.channel());
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        private void open(Channel connection) {
            new Http2StreamChannelBootstrap(connection)
                    .handler(new ChannelInitializer<Http2StreamChannel>() {
                        @Override
                        protected void initChannel(Http2StreamChannel stream) {
                            stream.pipeline().addLast(new FramesOfStream(), streams.get());
                        }
                    })
                    .open();
        }
    }
}
