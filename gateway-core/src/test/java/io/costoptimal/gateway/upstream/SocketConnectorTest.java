package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connecting and hearing over real sockets, on every transport this machine has. */
@Timeout(60)
class SocketConnectorTest {

    private static final SslContext TLS = Tls.context(List.of());
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::available);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void sendsReadsAndLendsAgain(Transport transport) throws IOException {
        try (RealPool pool = new RealPool(transport, TLS, LONG, 2);
                ServerSocket origin = listen()) {
            RealPool.RealLessee first = pool.ask(base(origin));
            assertThat(first.connection().reused()).isFalse();
            try (Socket accepted = origin.accept()) {
                first.send("ping");
                assertThat(accepted.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
                accepted.getOutputStream().write("pong".getBytes());
                assertThat(first.hear(4)).isEqualTo("pong");
                first.release();

                RealPool.RealLessee second = pool.ask(base(origin));

                assertThat(second.connection().reused()).isTrue();
                second.send("again");
                assertThat(accepted.getInputStream().readNBytes(5)).asString().isEqualTo("again");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void hearsTheBytesBeforeFinAndThatItWasOrderly(Transport transport) throws IOException {
        try (RealPool pool = new RealPool(transport, TLS, LONG, 2);
                ServerSocket origin = listen()) {
            RealPool.RealLessee lessee = pool.ask(base(origin));
            try (Socket accepted = origin.accept()) {
                accepted.getOutputStream().write("x".repeat(100_000).getBytes());
            }

            assertThat(lessee.hearAll()).isEqualTo("x".repeat(100_000) + "|orderly");
            assertThat(pool.counts().open()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void takesAResetForNoOrderlyEnd(Transport transport) throws IOException {
        try (RealPool pool = new RealPool(transport, TLS, LONG, 2);
                ServerSocket origin = listen()) {
            RealPool.RealLessee lessee = pool.ask(base(origin));
            lessee.connection();
            reset(origin.accept());

            assertThat(lessee.hearAll()).isEqualTo("|broken");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void takesAWriteThatFailsForNoOrderlyEnd(Transport transport) throws IOException {
        try (RealPool pool = new RealPool(transport, TLS, LONG, 2);
                ServerSocket origin = listen()) {
            RealPool.RealLessee lessee = pool.ask(base(origin));
            Socket accepted = origin.accept();
            UpstreamConnection connection = lessee.connection();
            pool.onLoop(() -> connection.reading(false)); // so that nothing but the write can tell
            lessee.send("x".repeat(16 * 1024 * 1024)); // more than the kernel takes from a writer nobody reads from
            reset(accepted);

            assertThat(lessee.hearAll()).isEqualTo("|broken");
            assertThat(connection.written()).isFalse();
        }
    }

    /** Trap 5: the FIN is in the segment that ends the answer, and somebody waits for the connection. */
    @ParameterizedTest
    @MethodSource("transports")
    void handsNoDyingConnectionToAWaiter(Transport transport) throws IOException {
        try (RealPool pool = new RealPool(transport, TLS, LONG, 1);
                ServerSocket origin = listen()) {
            RealPool.RealLessee first = pool.ask(base(origin)).releasingAfter(4);
            first.connection();
            RealPool.RealLessee waiter = pool.ask(base(origin));
            try (Socket accepted = origin.accept()) {
                // Both are there before the loop looks, because the loop is busy writing them.
                pool.onLoop(() -> answerAndClose(accepted));
            }

            assertThat(waiter.connection().reused()).isFalse();
            try (Socket second = origin.accept()) {
                waiter.send("ping");
                assertThat(second.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void saysThatAConnectWasRefused(Transport transport) throws IOException {
        String nobody;
        try (ServerSocket closed = listen()) {
            nobody = base(closed);
        }
        try (RealPool pool = new RealPool(transport, TLS, LONG, 2)) {
            assertFailed(pool.ask(nobody).failure(), Phase.CONNECT, Kind.CONNECT_ERROR);
            assertThat(pool.counts().open()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void triesEveryAddressOfAName(Transport transport) throws IOException {
        Map<String, List<String>> names = Map.of("provider.test.", List.of("127.0.0.2", "127.0.0.3", "127.0.0.1"));
        try (FakeNameServer server = new FakeNameServer(names);
                RealPool pool = new RealPool(transport, TLS, LONG, 2, server.provider());
                ServerSocket origin = listen()) {
            RealPool.RealLessee lessee = pool.ask("http://provider.test:" + origin.getLocalPort());

            assertThat(lessee.connection().reused()).isFalse();
        }
    }

    /** The name server of such a name loses every question for IPv6 addresses, and is asked again and again. */
    @ParameterizedTest
    @MethodSource("transports")
    void connectsWithOneFamilyWhileTheOtherIsSoughtFor(Transport transport) throws IOException {
        Map<String, List<String>> names = Map.of("deaf.test.", List.of("127.0.0.1"));
        try (FakeNameServer server = new FakeNameServer(names);
                RealPool pool = new RealPool(transport, new SocketConnector(TLS, NEVER, server.provider(), true), 2);
                ServerSocket origin = listen()) {
            assertThat(pool.ask("http://deaf.test:" + origin.getLocalPort())
                            .connection()
                            .reused())
                    .isFalse();
        }
    }

    @Test
    void remembersThatANameHasNoIpv6Address() throws IOException {
        Map<String, List<String>> names = Map.of("provider.test.", List.of("127.0.0.1"));
        try (FakeNameServer server = new FakeNameServer(names);
                RealPool pool =
                        new RealPool(Transport.NIO, new SocketConnector(TLS, LONG, server.provider(), true), 2);
                ServerSocket origin = listen()) {
            pool.ask("http://provider.test:" + origin.getLocalPort()).connection();
            pool.ask("http://provider.test:" + origin.getLocalPort()).connection();

            assertThat(server.questions()).containsExactlyInAnyOrder("A provider.test.", "AAAA provider.test.");
        }
    }

    @Test
    void asksForNoIpv6AddressesOnAMachineThatHasNone() throws IOException {
        Map<String, List<String>> names = Map.of("provider.test.", List.of("127.0.0.1"));
        try (FakeNameServer server = new FakeNameServer(names);
                RealPool pool =
                        new RealPool(Transport.NIO, new SocketConnector(TLS, LONG, server.provider(), false), 2);
                ServerSocket origin = listen()) {
            pool.ask("http://provider.test:" + origin.getLocalPort()).connection();

            assertThat(server.questions()).containsExactly("A provider.test.");
        }
    }

    @Test
    void namesEveryAddressThatFailed() throws IOException {
        int nobody;
        try (ServerSocket closed = listen()) {
            nobody = closed.getLocalPort();
        }
        Map<String, List<String>> names = Map.of("provider.test.", List.of("127.0.0.3", "127.0.0.2"));
        try (FakeNameServer server = new FakeNameServer(names);
                RealPool pool = new RealPool(Transport.NIO, TLS, LONG, 2, server.provider())) {
            UpstreamFailure failure = pool.ask("http://provider.test:" + nobody).failure();

            assertThat(failure.cause())
                    .matches("http://provider.test:" + nobody + ": 127.0.0.2:" + nobody + " .*refused.*, 127.0.0.3:"
                            + nobody + " .*refused.*");
        }
    }

    /** Docker and Kubernetes make such names. */
    @ParameterizedTest
    @MethodSource("transports")
    void connectsToANameWithAnUnderscore(Transport transport) throws IOException {
        try (FakeNameServer server = new FakeNameServer(Map.of("my_llm.test.", List.of("127.0.0.1")));
                RealPool pool = new RealPool(transport, TLS, LONG, 2, server.provider());
                ServerSocket origin = listen()) {
            RealPool.RealLessee lessee = pool.ask("http://my_llm.test:" + origin.getLocalPort() + "/v1");

            assertThat(lessee.connection().reused()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void saysThatANameIsUnknown(Transport transport) {
        try (FakeNameServer server = new FakeNameServer(Map.of());
                RealPool pool = new RealPool(transport, TLS, LONG, 2, server.provider())) {
            assertFailed(pool.ask("http://nobody.test").failure(), Phase.RESOLVE, Kind.CONNECT_ERROR);
            assertThat(pool.counts().open()).isZero();
        }
    }

    @Test
    void givesUpOnASilentNameServer() {
        try (FakeNameServer server = new FakeNameServer(Map.of());
                RealPool pool = new RealPool(Transport.NIO, TLS, SHORT, 2, server.provider())) {
            assertThat(pool.ask("http://silent.test").failure().phase()).isEqualTo(Phase.RESOLVE);
            assertThat(pool.counts().open()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void givesUpOnASilentHandshakeAndCloses(Transport transport) throws IOException {
        try (RealPool pool = new RealPool(transport, TLS, SHORT, 2);
                ServerSocket origin = listen()) {
            RealPool.RealLessee lessee = pool.ask("https://localhost:" + origin.getLocalPort());
            try (Socket accepted = origin.accept()) {
                assertFailed(lessee.failure(), Phase.TLS, Kind.TIMEOUT);
                assertThat(lessee.failure().status()).isEqualTo(504);
                assertThat(accepted.getInputStream().readAllBytes()).isNotEmpty(); // the hello, then the end
            }
            assertThat(pool.counts().open()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void recognisesTheTransportOfALoop(Transport transport) {
        try (RealPool pool = new RealPool(transport, TLS, LONG, 1)) {
            assertThat(Transport.of(pool.loop)).isEqualTo(transport);
        }
    }

    private static void assertFailed(UpstreamFailure failure, Phase phase, Kind kind) {
        assertThat(failure.phase()).as(failure.cause()).isEqualTo(phase);
        assertThat(failure.kind()).as(failure.cause()).isEqualTo(kind);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    private static String base(ServerSocket origin) {
        return "http://localhost:" + origin.getLocalPort();
    }

    private static void answerAndClose(Socket accepted) {
        try {
            accepted.getOutputStream().write("done".getBytes());
            accepted.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
