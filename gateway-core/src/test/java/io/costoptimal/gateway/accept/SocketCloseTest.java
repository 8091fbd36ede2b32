package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.Stage;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.Wire;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How closes look from the other end of a real socket, which an embedded channel cannot tell. */
class SocketCloseTest {

    enum Transport {
        NIO,
        EPOLL;

        IoHandlerFactory handler() {
            return this == NIO ? NioIoHandler.newFactory() : EpollIoHandler.newFactory();
        }

        Class<? extends ServerChannel> channel() {
            return this == NIO ? NioServerSocketChannel.class : EpollServerSocketChannel.class;
        }
    }

    private static final String HEAD = "POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n";
    private static final String GET = "GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n";

    private final BlockingQueue<ExchangeReport> ended = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
    private EventLoopGroup loops;

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Trap 37. */
    @ParameterizedTest
    @EnumSource
    void refusalIsReadAlthoughTheClientWasStillSending(Transport transport) throws Exception {
        int port = start(transport, (exchange, run) -> run.refuse(Rejection.of(401, null, "no")));
        try (RawClient client = RawClient.connect(port)) {
            client.send(HEAD);
            byte[] body = new byte[64 * 1024];
            try {
                for (int i = 0; i < 160; i++) {
                    client.send(body);
                }
            } catch (IOException tooMuch) {
                // Beyond the linger limit we reset, which may or may not happen before it has sent all.
            }

            assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ").contains("\"message\":\"no\"");
        }
        assertThat(ended.take().outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(closed.take()).isTrue();
    }

    /** Trap 39. */
    @ParameterizedTest
    @EnumSource
    void nothingIsServedAfterARefusalAndTheEndIsAFin(Transport transport) throws Exception {
        int port = start(transport, (exchange, run) -> run.refuse(Rejection.of(413, null, "no")));
        try (RawClient client = RawClient.connect(port)) {
            client.send(HEAD + GET + GET);

            assertThat(client.readMessage()).startsWith("HTTP/1.1 413 ");
            assertThat(client.readToEnd()).isEmpty();
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
        }
        assertThat(closed.take()).isTrue();
        assertThat(ended).hasSize(1);
    }

    /** Trap 22. */
    @ParameterizedTest
    @EnumSource
    void brokenAnswerEndsInAReset(Transport transport) throws Exception {
        int port = start(transport, (exchange, run) -> {
            exchange.authenticated(null);
            exchange.answering(200);
            ByteBuf answer = Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n\r\nhalf", StandardCharsets.US_ASCII);
            ResponseHead head = new ResponseHead(1024);
            head.read(answer, run.client().alloc());
            run.client().begin(head, ClientSide.Ending.END, answer);
            run.finish(Outcome.TRUNCATED);
        });
        try (RawClient client = RawClient.connect(port)) {
            client.send(GET);
            client.readToEnd();

            assertThat(client.end()).isEqualTo(Wire.End.RST);
        }
        assertThat(closed.take()).isTrue();
    }

    /** Trap 40: a reset after our half close is noticed. */
    @ParameterizedTest
    @EnumSource
    void resetWhileLingeringClosesTheConnection(Transport transport) throws Exception {
        int port = start(transport, (exchange, run) -> run.refuse(Rejection.of(401, null, "no")));
        try (RawClient client = RawClient.connect(port)) {
            client.send(HEAD);
            client.readToEnd();
            client.rst();
        }
        assertThat(closed.take()).isTrue();
    }

    private int start(Transport transport, Stage onHead) throws Exception {
        assumeTrue(transport == Transport.NIO || Epoll.isAvailable(), "no epoll here");
        loops = new MultiThreadIoEventLoopGroup(1, transport.handler());
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(transport.channel())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        RequestDecoder decoder =
                                new RequestDecoder(Limits.DEFAULTS.head(), new ByteBudget(Long.MAX_VALUE));
                        channel.closeFuture().addListener(done -> closed.add(true));
                        channel.pipeline()
                                .addLast(decoder)
                                .addLast(new Http1Connection(
                                        decoder,
                                        Limits.DEFAULTS.client(),
                                        Timeouts.DEFAULTS.client(),
                                        new RequestHeads(
                                                () -> ClientWire.POLICY, new Peer(channel, TrustedProxies.NONE)),
                                        client -> new ExchangeRunner(
                                                client,
                                                List.of(onHead),
                                                ended::add,
                                                Timeouts.DEFAULTS.exchange().total())));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }
}
