package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that break off: a client gets all there is of them, however slowly it reads, and no end that looks like one. */
@Timeout(120)
class BrokenAnswersTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String EVENT = "data: " + "x".repeat(991) + "\n\n";
    private static final String CHUNK = Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final int EVENTS = 200;

    @Test
    void aSlowReaderGetsEveryEventOfAStreamThatBreaksOff() throws Exception {
        String received = slowly(CHUNKED + CHUNK.repeat(EVENTS) + "3e9\r\nda", false, Wire.End.FIN);
        assertThat(received.split("data: x", -1)).hasSize(EVENTS + 1);
        assertThat(received).endsWith("3e9\r\nda");
    }

    @Test
    void aSlowReaderGetsAllThereIsOfABodyOfKnownLength() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n";
        assertThat(slowly(head + "y".repeat(200_000), false, Wire.End.FIN)).endsWith("\r\n\r\n" + "y".repeat(200_000));
    }

    @Test
    void aSlowReaderGetsAllThereIsOfABodyThatEndsWithItsConnection() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n";
        assertThat(slowly(head + "y".repeat(200_000), true, Wire.End.RST)).endsWith("\r\n\r\n" + "y".repeat(200_000));
    }

    /** Reads nothing before the gateway has given the answer up. */
    private static String slowly(String answer, boolean reset, Wire.End end) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(answer);
                    if (reset) {
                        // Unread input makes the close a reset, behind everything that was sent.
                        connection.readUntil("never");
                    }
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port(), 4096)) {
            client.send(chat(BODY));
            StringBuilder received = new StringBuilder();
            if (reset) {
                received.append(client.readExactly(100_000));
                untilRelayed(gateway, answer.length() - answer.indexOf("\r\n\r\n") - 4);
                origin.connections().get(0).rst();
            } else {
                received.append(client.readExactly(100_000));
            }
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
            received.append(client.readToEnd());
            assertThat(client.end()).isEqualTo(end);
            return received.toString();
        }
    }

    /** Waits until the gateway has taken that much of a body: a reset throws away what its sender still holds. */
    private static void untilRelayed(TestGateway gateway, long bytes) throws Exception {
        List<Long> relayed;
        do {
            relayed = gateway.gateway().running(ExchangeReport::responseBytes).get();
        } while (!relayed.equals(List.of(bytes)));
    }

    @ParameterizedTest(name = "{0}, broken off: {1}")
    @CsvSource({
        "'', false",
        "'', true",
        "Content-Length: 99, true",
        "Transfer-Encoding: chunked, true",
    })
    void tlsSaysThatItIsOverOnlyOfAWholeAnswer(String framing, boolean brokenOff) throws Exception {
        String fields = framing.isEmpty() ? "X: y" : framing;
        String body = framing.contains("chunked") ? "4\r\nhalf\r\n" : "half";
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n" + body);
                    if (brokenOff) {
                        connection.readUntil("never");
                    }
                });
                Gateway gateway = Gateway.embed(
                        GatewaySettings.defaults(),
                        TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port())),
                        new Services(GatewayListener.NONE, exchange -> null))) {
            TlsClient client = new TlsClient();
            connect(loops, serve(loops, gateway), client);
            client.half.get(20, TimeUnit.SECONDS);
            if (brokenOff) {
                origin.connections().get(0).rst();
            }
            assertThat(client.closeNotify.get(20, TimeUnit.SECONDS)).isEqualTo(!brokenOff);
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private static int serve(EventLoopGroup loops, Gateway gateway) throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .ecp256()
                .subject("CN=g")
                .addSanDnsName("g")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        SslContext tls = SslContextBuilder.forServer(
                        certificate.getKeyPair().getPrivate(), certificate.getCertificate())
                .sslProvider(SslProvider.JDK)
                .build();
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), gateway.initializer());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private static void connect(EventLoopGroup loops, int port, TlsClient client) throws Exception {
        SslContext tls = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .sslProvider(SslProvider.JDK)
                .build();
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), client);
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), port)
                .sync()
                .channel()
                .writeAndFlush(Unpooled.copiedBuffer(chat(BODY), StandardCharsets.ISO_8859_1))
                .sync();
    }

    /** Hears the answer, and whether the end of it was said or only happened. */
    private static final class TlsClient extends ChannelInboundHandlerAdapter {

        final CompletableFuture<Boolean> half = new CompletableFuture<>();
        final CompletableFuture<Boolean> closeNotify = new CompletableFuture<>();
        private final StringBuilder received = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
            if (received.indexOf("half") >= 0) {
                half.complete(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
                closeNotify.complete(true);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closeNotify.complete(false);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            closeNotify.complete(false);
        }
    }
}
