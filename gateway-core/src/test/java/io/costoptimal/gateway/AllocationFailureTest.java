package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.testing.FailingAllocator;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.ScriptedOrigin.Script;
import io.costoptimal.gateway.testing.TestGateway;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each allocation of a whole exchange fails once, one after the other: no buffer is lost, nobody waits for ever, no client is
 * told of a defect, and the next exchange works.
 */
@Timeout(120)
class AllocationFailureTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    static Stream<Arguments> exchanges() {
        String twoReads = "HTTP/1.1 200 OK\r\nX-A: b\r\n";
        return Stream.of(
                Arguments.of("a short answer", chat(BODY), ScriptedOrigin.answering(OK)),
                Arguments.of("a body beyond one buffer", chat(body(300_000)), ScriptedOrigin.answering(OK)),
                Arguments.of("a long answer", chat(BODY), ScriptedOrigin.answering(answer(300_000))),
                Arguments.of(
                        "a head in pieces",
                        chat(BODY),
                        pieces(twoReads, "Content-Length: 5000\r\n\r\n", "a".repeat(5000))),
                Arguments.of(
                        "an HTTP/1.0 client",
                        chat(BODY).replace("HTTP/1.1", "HTTP/1.0"),
                        ScriptedOrigin.answering(CHUNKED)),
                Arguments.of("a stream that breaks off", chat(BODY), cut(STREAM + "9\r\ndata: a\n\n\r\n")),
                Arguments.of(
                        "an answer that no provider gives",
                        "GET /v1/models HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY + "\r\n\r\n",
                        ScriptedOrigin.answering(OK)),
                Arguments.of("a refusal", "GET /nowhere HTTP/1.1\r\nHost: g\r\n\r\n", ScriptedOrigin.answering(OK)));
    }

    private static String body(int n) {
        return "{\"model\":\"gpt-4o\",\"x\":\"" + "a".repeat(n) + "\"}";
    }

    private static String answer(int n) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + n + "\r\n\r\n" + "a".repeat(n);
    }

    private static Script pieces(String... pieces) {
        return connection -> {
            while (connection.readRequest() != null) {
                for (String piece : pieces) {
                    connection.send(piece);
                }
            }
        };
    }

    private static Script cut(String part) {
        return connection -> {
            connection.readRequest();
            connection.send(part);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exchanges")
    void aFailedAllocationEndsOneExchangeAndLosesNothing(String name, String request, Script script) throws Exception {
        FailingAllocator alloc = new FailingAllocator();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ScriptedOrigin origin = ScriptedOrigin.start(script);
                Gateway gateway = Gateway.embed(
                        GatewaySettings.defaults(),
                        TestGateway.snapshot(TestGateway.routes(
                                "gpt-4o", new Candidate(TestGateway.provider(origin.port()), "renamed"))),
                        new Services(GatewayListener.NONE, exchange -> models()))) {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.ALLOCATOR, alloc)
                    .childHandler(gateway.initializer())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            String whole = ask(port, request);
            List<String> got = new ArrayList<>();
            boolean failed = true;
            for (int n = 1; failed; n++) {
                alloc.failAt(n);
                got.add(ask(port, request));
                failed = alloc.heal();
                // The gateway closes its end a moment after the client.
                while (gateway.connections() > 0 || alloc.live() > 0 && !settled(loops)) {
                    Thread.onSpinWait();
                }
                assertThat(alloc.live())
                        .as("bytes lost when allocation %s failed", n)
                        .isZero();
                assertThat(got.get(n - 1).startsWith("HTTP/1.1 500 "))
                        .as("allocation %s failed", n)
                        .isFalse();
                assertThat(ask(port, request).length()).as("the next one").isEqualTo(whole.length());
            }
            assertThat(got.size()).as("allocations of an exchange").isGreaterThan(1);
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    /** Lets the loop do what it has to do still; what is not freed after that never will be. */
    private static boolean settled(EventLoopGroup loops) throws Exception {
        for (int i = 0; i < 20; i++) {
            loops.next().submit(() -> {}).get();
        }
        return true;
    }

    /** Sends {@code request} as the last one of its connection and returns all that comes until that ends. */
    private static String ask(int port, String request) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            String closing = request.replace("Host: g\r\n", "Host: g\r\nConnection: close\r\n");
            int half = closing.length() / 2;
            try {
                client.send(closing.getBytes(StandardCharsets.ISO_8859_1), half);
            } catch (SocketException refused) {
                // The gateway had no memory to read all of it, and has closed the connection.
            }
            return client.readToEnd();
        }
    }

    private static LocalAnswer models() {
        return new LocalAnswer(200, "text/plain", "m".repeat(2000).getBytes(StandardCharsets.US_ASCII));
    }
}
