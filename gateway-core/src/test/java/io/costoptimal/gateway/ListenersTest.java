package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where clients are listened to: ports of both families, files, and several of them at once. */
@Timeout(60)
class ListenersTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final LocalAnswer LOCAL = new LocalAnswer(200, "text/plain", new byte[] {'o', 'k'});

    @TempDir
    Path folder;

    private final BlockingQueue<String> addresses = new LinkedBlockingQueue<>();

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::available);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void severalListenersServeOneGateway(Transport transport) throws Exception {
        Path socket = folder.resolve("gateway.sock");
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
                TestGateway gateway = start(transport, origin, port("127.0.0.1"), port("::1"), unix(socket))) {
            List<?> at = gateway.gateway().addresses();
            assertThat(at).hasSize(3);
            try (RawClient v4 = RawClient.connect((InetSocketAddress) at.get(0));
                    RawClient v6 = RawClient.connect((InetSocketAddress) at.get(1));
                    RawClient file = RawClient.connect(socket)) {
                for (RawClient client : List.of(v4, v6, file, v4, v6, file)) {
                    client.send(chat(BODY));
                    assertThat(client.readMessage()).isEqualTo(ANSWER);
                }
            }
            assertThat(ends(6)).containsExactly("127.0.0.1", "::1", "none", "127.0.0.1", "::1", "none");
        }
        assertThat(socket).doesNotExist();
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void theAddressOfAllOfIpv6TakesClientsOfIpv4TooAndTellsTheirOwnAddress(Transport transport) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
                TestGateway gateway = start(transport, origin, port("::"))) {
            for (String host : List.of("127.0.0.1", "::1")) {
                try (RawClient client = RawClient.connect(new InetSocketAddress(host, gateway.port()))) {
                    client.send(chat(BODY));
                    assertThat(client.readMessage()).isEqualTo(ANSWER);
                }
            }
            assertThat(ends(2)).containsExactly("127.0.0.1", "::1");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anAnswerWithoutALengthIsChunkedOverAUnixSocketSoThatItsEndIsTold(Transport transport) throws Exception {
        Path socket = folder.resolve("s");
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nhello");
                });
                TestGateway gateway = start(transport, origin, unix(socket));
                RawClient client = RawClient.connect(file(gateway))) {
            for (int i = 0; i < 2; i++) {
                client.send(chat(BODY));
                String answer = client.readMessage();
                int body = answer.indexOf("\r\n\r\n") + 4;
                assertThat(answer.substring(0, body)).contains("\r\ntransfer-encoding: chunked\r\n");
                assertThat(dechunked(answer.substring(body))).isEqualTo("hello");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anAnswerThatBreaksOffNeverLooksWholeOverAUnixSocket(Transport transport) throws Exception {
        Path socket = folder.resolve("s");
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nhello");
                    connection.await(gate);
                    connection.rst();
                });
                TestGateway gateway = start(transport, origin, unix(socket));
                RawClient client = RawClient.connect(file(gateway))) {
            client.send(chat(BODY));
            client.readUntil("hello");
            gate.countDown();
            assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void aClientByHttp10IsToldToSpeakHttp11OverAUnixSocket() throws Exception {
        Path socket = folder.resolve("s");
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
                TestGateway gateway = start(Transport.auto(), origin, unix(socket));
                RawClient client = RawClient.connect(file(gateway))) {
            client.send(chat(BODY).replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 505 ").contains("HTTP/1.1 is needed here");
            assertThat(origin.connections()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void theFileOfASocketHasTheModeThatWasAskedForAndGoesWhenTheGatewayDrains(Transport transport) throws Exception {
        Path socket = folder.resolve("s");
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
                TestGateway gateway = start(
                        transport,
                        origin,
                        new Listener(new Listener.Endpoint(
                                UnixDomainSocketAddress.of(socket), PosixFilePermissions.fromString("rw--w--w-"))))) {
            assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw--w--w-"));
            gateway.gateway().drain(Duration.ZERO).get(20, TimeUnit.SECONDS);
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void aFileThatAProcessLeftBehindIsReplaced() throws Exception {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
                TestGateway gateway = start(Transport.auto(), origin, unix(socket));
                RawClient client = RawClient.connect(file(gateway))) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(ANSWER);
        }
    }

    @Test
    void aFileAtWhichAnotherProcessListensIsLeftAlone() throws Exception {
        Path socket = folder.resolve("s");
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
                TestGateway first = start(Transport.auto(), origin, unix(socket))) {
            assertThatThrownBy(() -> start(Transport.auto(), origin, unix(socket)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("listen unix:" + socket + ": another process listens there");
            try (RawClient client = RawClient.connect(file(first))) {
                client.send(chat(BODY));
                assertThat(client.readMessage()).isEqualTo(ANSWER);
            }
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("s"), "precious");
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER))) {
            assertThatThrownBy(() -> start(Transport.auto(), origin, unix(file)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("listen unix:" + file + ": " + file + ": is there, and is no socket");
        }
        assertThat(file).hasContent("precious");
    }

    @Test
    void whenOneListenerCannotListenNoneDoes() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER))) {
            Path socket = folder.resolve("s");
            Listener last = Listener.at(new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort()));
            assertThatThrownBy(() -> start(Transport.auto(), origin, unix(socket), last))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("listen 127.0.0.1:" + taken.getLocalPort() + ": ");
            assertThat(socket).doesNotExist();
        }
    }

    private TestGateway start(Transport transport, ScriptedOrigin origin, Listener... listeners) throws IOException {
        return TestGateway.start(
                List.of(listeners),
                GatewaySettings.defaults().withEventLoops(1).withTransport(transport),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port())),
                exchange -> LOCAL,
                end -> addresses.add(
                        end.caller().address() == null ? "none" : end.caller().address()));
    }

    private List<String> ends(int n) throws InterruptedException {
        String[] ends = new String[n];
        for (int i = 0; i < n; i++) {
            ends[i] = addresses.poll(20, TimeUnit.SECONDS);
        }
        return Arrays.asList(ends);
    }

    private static String dechunked(String chunks) {
        StringBuilder payload = new StringBuilder();
        for (int at = 0; ; ) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return payload.toString();
            }
            payload.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }

    private static Path file(TestGateway gateway) {
        return ((UnixDomainSocketAddress) gateway.gateway().addresses().get(0)).getPath();
    }

    private static Listener port(String host) {
        return Listener.at(new InetSocketAddress(host, 0));
    }

    private static Listener unix(Path path) {
        return Listener.at(UnixDomainSocketAddress.of(path));
    }
}
