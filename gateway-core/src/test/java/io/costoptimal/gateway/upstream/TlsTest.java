package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with a server in this process and certificates made on the spot (faults 75). */
@Timeout(60)
class TlsTest {

    private static final String NAME = "provider.test";

    private final X509Bundle authority = authority();
    private final EventLoopGroup serverGroup = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final FakeNameServer names = new FakeNameServer(Map.of(NAME + '.', List.of("127.0.0.1")));
    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

    /**
     * What the server saw of a connection.
     *
     * @param names asked for by SNI
     * @param began when the session was made, on this connection or on the one it resumes
     */
    private record Connection(Channel channel, String protocol, String names, long began) {}

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::available);
    }

    @AfterEach
    void stops() {
        names.close();
        serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void asksForTheNameAndResumesTheSession(String protocol) throws Exception {
        int port = serve(protocol, issued(NAME));
        try (RealPool pool = pool(Transport.NIO, trusting())) {
            Connection first = converse(pool.ask(base(NAME, port)));
            Connection second = converse(pool.ask(base(NAME, port)));
            Connection third = converse(pool.ask(base(NAME, port)));

            assertThat(first.protocol()).isEqualTo(protocol);
            assertThat(first.names()).contains(NAME);
            assertThat(List.of(second.began(), third.began())).containsOnly(first.began());
        }
    }

    @Test
    void acceptsACertificateForALiteralAddress() throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .ecp256()
                .subject("CN=address")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
        int port = serve("TLSv1.3", certificate);
        try (RealPool pool = pool(Transport.NIO, trusting())) {
            assertThat(converse(pool.ask(base("127.0.0.1", port))).protocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "another name, provider.test",
        "no such address, 127.0.0.1",
        "signed by itself, provider.test",
        "expired, provider.test",
    })
    void refusesACertificateThatProvesNothing(String flaw, String host) throws Exception {
        X509Bundle certificate = switch (flaw) {
            case "another name" -> issued("other.test");
            case "no such address" -> issued(NAME);
            case "signed by itself" ->
                leaf(NAME).setIsCertificateAuthority(true).buildSelfSigned();
            default ->
                leaf(NAME)
                        .notBefore(Instant.parse("2020-01-01T00:00:00Z"))
                        .notAfter(Instant.parse("2021-01-01T00:00:00Z"))
                        .buildIssuedBy(authority);
        };
        int port = serve("TLSv1.2", certificate);
        try (RealPool pool = pool(Transport.NIO, trusting())) {
            UpstreamFailure failure = pool.ask(base(host, port)).failure();

            assertThat(failure.phase()).isEqualTo(Phase.TLS);
            assertThat(failure.kind()).isEqualTo(Kind.CONNECT_ERROR);
            assertThat(failure.cause()).startsWith("https://" + host);
            assertThat(pool.counts().open()).isZero();
            assertThat(connections).isEmpty();
        }
    }

    /** Names of containers have underscores, and the JDK verifies none of those. */
    @ParameterizedTest
    @CsvSource({"my_llm.test, my_llm.test", "*.llm.test, my_llm.llm.test", "MY_LLM.test, my_llm.test"})
    void verifiesANameWithAnUnderscore(String certified, String host) throws Exception {
        int port = serve("TLSv1.3", issuedAsWritten(certified));
        try (FakeNameServer here = new FakeNameServer(Map.of(host + '.', List.of("127.0.0.1")));
                RealPool pool = new RealPool(Transport.NIO, trusting(), Duration.ofSeconds(20), 4, here.provider())) {
            assertThat(converse(pool.ask(base(host, port))).protocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "other_llm.test, my_llm.test",
        "*.test, my_llm.test",
        "*.test, my_llm.deep.test",
        "my_llm.test.evil.test, my_llm.test"
    })
    void refusesACertificateForAnotherNameWithAnUnderscore(String certified, String host) throws Exception {
        int port = serve("TLSv1.3", issuedAsWritten(certified));
        try (FakeNameServer here = new FakeNameServer(Map.of(host + '.', List.of("127.0.0.1")));
                RealPool pool = new RealPool(Transport.NIO, trusting(), Duration.ofSeconds(20), 4, here.provider())) {
            UpstreamFailure failure = pool.ask(base(host, port)).failure();

            assertThat(failure.phase()).isEqualTo(Phase.TLS);
            assertThat(failure.cause()).contains("No subject alternative DNS name matching " + host);
            assertThat(pool.counts().open()).isZero();
        }
    }

    /** An embedder's own context may be lax about names; the connector is not. */
    @Test
    void verifiesTheNameWhateverTheContextSays() throws Exception {
        SslContext lax = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(authority.getCertificate())
                .endpointIdentificationAlgorithm(null)
                .build();
        int port = serve("TLSv1.3", issued("other.test"));
        try (RealPool pool = pool(Transport.NIO, lax)) {
            assertThat(pool.ask(base(NAME, port)).failure().phase()).isEqualTo(Phase.TLS);
        }
    }

    /** TLS 1.3 tickets come after the handshake, when the connection may idle already. */
    @Test
    void takesNoTicketForPoison() throws Exception {
        int port = serve("TLSv1.3", issued(NAME));
        try (RealPool pool = pool(Transport.NIO, trusting())) {
            pool.ask(base(NAME, port)).release();

            RealPool.RealLessee second = pool.ask(base(NAME, port));

            assertThat(second.connection().reused()).isTrue();
            converse(second);
            assertThat(pool.counts().poisoned()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void hearsTheBytesBeforeCloseNotifyAndThatItWasOrderly(Transport transport) throws Exception {
        int port = serve("TLSv1.3", issued(NAME));
        try (RealPool pool = pool(transport, trusting())) {
            RealPool.RealLessee lessee = pool.ask(base(NAME, port));
            Channel server = converse(lessee).channel();

            server.writeAndFlush(server.alloc().buffer().writeZero(100_000)).addListener(ChannelFutureListener.CLOSE);

            assertThat(lessee.hearAll()).hasSize(100_000 + "|orderly".length()).endsWith("|orderly");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void takesAFinWithoutCloseNotifyForNoOrderlyEnd(Transport transport) throws Exception {
        int port = serve("TLSv1.3", issued(NAME));
        try (RealPool pool = pool(transport, trusting())) {
            RealPool.RealLessee lessee = pool.ask(base(NAME, port));
            Channel server = converse(lessee).channel();

            server.eventLoop().execute(() -> server.unsafe().close(server.voidPromise()));

            assertThat(lessee.hearAll()).isEqualTo("|broken");
        }
    }

    /** Has four bytes sent back, by which time everything the server says unasked has come too. */
    private Connection converse(RealPool.RealLessee lessee) throws InterruptedException {
        lessee.send("ping");
        assertThat(lessee.hear(4)).isEqualTo("ping");
        return connections.poll(20, TimeUnit.SECONDS);
    }

    private RealPool pool(Transport transport, SslContext tls) {
        return new RealPool(transport, tls, Duration.ofSeconds(20), 4, names.provider());
    }

    private SslContext trusting() {
        return Tls.context(List.of(authority.getCertificate()));
    }

    private static String base(String host, int port) {
        return "https://" + host + ':' + port;
    }

    private static X509Bundle authority() {
        try {
            return new CertificateBuilder()
                    .ecp256()
                    .subject("CN=authority")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static CertificateBuilder leaf(String name) {
        return new CertificateBuilder().ecp256().subject("CN=leaf").addSanDnsName(name);
    }

    private X509Bundle issued(String name) throws Exception {
        return leaf(name).buildIssuedBy(authority);
    }

    /** Like {@link #issued}, for names that the builder takes for none; the extension of RFC 5280 section 4.2.1.6 by hand. */
    private X509Bundle issuedAsWritten(String name) throws Exception {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        byte[] extension = new byte[4 + text.length];
        extension[0] = 0x30; // sequence
        extension[1] = (byte) (2 + text.length);
        extension[2] = (byte) 0x82; // dNSName
        extension[3] = (byte) text.length;
        System.arraycopy(text, 0, extension, 4, text.length);
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=leaf")
                .addExtensionOctetString("2.5.29.17", false, extension)
                .buildIssuedBy(authority);
    }

    /** Starts a server that sends everything back; returns its port. */
    private int serve(String protocol, X509Bundle certificate) throws Exception {
        SslContext tls = SslContextBuilder.forServer(
                        certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .protocols(protocol)
                .build();
        Channel server = new ServerBootstrap()
                .group(serverGroup)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Echo());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private final class Echo extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                ExtendedSSLSession session = (ExtendedSSLSession)
                        ctx.pipeline().get(SslHandler.class).engine().getSession();
                connections.add(new Connection(
                        ctx.channel(),
                        session.getProtocol(),
                        session.getRequestedServerNames().toString(),
                        session.getCreationTime()));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            ctx.writeAndFlush(bytes.retain());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable refused) {
            ctx.close();
        }
    }
}
