package io.costoptimal.gateway.tls;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TlsGateway;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.testing.Wire.End;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** close_notify is said after whole answers only, whatever speaks TLS: it makes an end orderly, and a broken answer has none. */
@Timeout(120)
class BrokenAnswersOverTlsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String HEAD = "HTTP/1.1 200 OK\r\n";

    /** How answers begin, up to a place where more must follow. */
    private static final List<String> BEGUN = List.of(
            HEAD + "Content-Length: 99\r\n\r\nhalf",
            HEAD + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
            HEAD + "Transfer-Encoding: chunked\r\n\r\nff\r\nhalf",
            HEAD + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nd: half\n\n\r\n",
            HEAD + "X: until the end\r\n\r\nhalf");

    private final TestCertificates certificates = new TestCertificates();

    static Stream<SslProvider> providers() {
        return Stream.of(SslProvider.OPENSSL_REFCNT, SslProvider.JDK);
    }

    static Stream<Arguments> beginnings() {
        List<Arguments> all = new ArrayList<>();
        providers().forEach(provider -> {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                BEGUN.forEach(begun -> all.add(Arguments.of(provider, version, begun)));
            }
        });
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void anAnswerThatItsProviderBreaksOffEndsWithoutCloseNotify(SslProvider provider, String version, String begun)
            throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(begun);
                    connection.await(half);
                    connection.rst();
                });
                TlsGateway gateway = start(provider, origin.port());
                RawClient client = gateway.connect(offer(version))) {
            client.send(chat(BODY));
            client.readUntil("half");
            half.countDown();
            client.readToEnd();
            assertThat(client.end()).isIn(End.RST, End.FIN);
            assertThat(gateway.gateway().nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void anAnswerThatTheGatewaysEndBreaksOffEndsWithoutCloseNotify(SslProvider provider, String version, String begun)
            throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(begun);
                    connection.readToEnd();
                });
                TlsGateway gateway = start(provider, origin.port());
                RawClient client = gateway.connect(offer(version))) {
            client.send(chat(BODY));
            client.readUntil("half");
            assertThat(gateway.gateway().gateway().drain(Duration.ofMillis(1)).join())
                    .isFalse();
            client.readToEnd();
            assertThat(client.end()).isEqualTo(End.RST);
        }
    }

    /** Engines answer close_notify by themselves, which would end the answer as if it were whole. */
    @ParameterizedTest
    @MethodSource("beginnings")
    void aClientThatSaysCloseNotifyLeavesAndIsToldNothing(SslProvider provider, String version, String begun)
            throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(begun);
                    connection.readToEnd();
                });
                TlsGateway gateway = start(provider, origin.port());
                RawClient client = gateway.connect(offer(version))) {
            client.send(chat(BODY));
            client.readUntil("half");
            client.fin();
            client.readToEnd();
            assertThat(client.end()).isIn(End.RST, End.FIN);
            assertThat(gateway.gateway().nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            origin.connections().get(0).awaitFinished();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aClientThatSaysCloseNotifyBeforeItsAnswerLeavesToo(SslProvider provider) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.readToEnd();
                });
                TlsGateway gateway = start(provider, origin.port());
                RawClient client = gateway.connect(offer("TLSv1.3"))) {
            client.send(chat(BODY));
            origin.next().nextRequest();
            client.fin();
            client.readToEnd();
            assertThat(client.end()).isIn(End.RST, End.FIN);
            assertThat(gateway.gateway().nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aWholeAnswerThatIsTheLastEndsWithCloseNotify(SslProvider provider) throws Exception {
        for (String whole : List.of(
                HEAD + "Content-Length: 4\r\n\r\nhalf",
                HEAD + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n\r\n",
                HEAD + "X: until the end\r\n\r\nhalf")) {
            try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                        connection.readRequest();
                        connection.send(whole);
                    });
                    TlsGateway gateway = start(provider, origin.port());
                    RawClient client = gateway.connect(offer("TLSv1.3"))) {
                client.send(chat(BODY).replace("Host: g\r\n", "Host: g\r\nConnection: close\r\n"));
                assertThat(client.readToEnd()).contains("half");
                assertThat(client.end()).isEqualTo(End.CLOSE_NOTIFY);
            }
        }
    }

    /** Or it would find the connection reset under what it sends, and might never see the answer. */
    @ParameterizedTest
    @MethodSource("providers")
    void aClientMaySendOnAfterItsLastAnswer(SslProvider provider) throws Exception {
        String refused = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer wrong\r\n"
                + "Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n";
        String last = chat(BODY).replace("Host: g\r\n", "Host: g\r\nConnection: close\r\n");
        String answer = HEAD + "Content-Length: 4\r\n\r\nhalf";
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            for (String request : List.of(refused, last)) {
                try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                        TlsGateway gateway = start(provider, origin.port());
                        RawClient client = gateway.connect(offer(version))) {
                    client.send(request);
                    assertThat(client.readMessage()).startsWith(request.equals(last) ? HEAD : "HTTP/1.1 401 ");
                    for (int i = 0; i < 1000; i++) {
                        client.send("x".repeat(100));
                    }
                    client.fin();
                    assertThat(client.readToEnd()).isEmpty();
                    assertThat(client.end()).isIn(End.FIN, End.CLOSE_NOTIFY);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anIdleConnectionThatADrainClosesEndsWithCloseNotify(SslProvider provider) throws Exception {
        try (ScriptedOrigin origin =
                        ScriptedOrigin.start(ScriptedOrigin.answering(HEAD + "Content-Length: 4\r\n\r\nhalf"));
                TlsGateway gateway = start(provider, origin.port());
                RawClient client = gateway.connect(offer("TLSv1.3"))) {
            client.send(chat(BODY));
            client.readMessage();
            gateway.gateway().gateway().drain(Duration.ofSeconds(20));
            client.readToEnd();
            assertThat(client.end()).isEqualTo(End.CLOSE_NOTIFY);
        }
    }

    /** More than sockets hold, through records of at most 16 KB, both ways. */
    @ParameterizedTest
    @MethodSource("providers")
    void largeBodiesPassWhole(SslProvider provider) throws Exception {
        int length = 12_000_000;
        String request = "{\"model\":\"gpt-4o\",\"x\":\"" + "y".repeat(4_000_000) + "\"}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(HEAD + "Content-Length: " + length + "\r\n\r\n");
                    connection.send("z".repeat(length));
                    connection.readToEnd();
                });
                TlsGateway gateway = start(provider, origin.port());
                RawClient client = gateway.connect(offer("TLSv1.3"))) {
            client.send(chat(request));
            client.readUntil("\r\n\r\n");
            assertThat(client.drain(length)).isEqualTo(length);
            assertThat(origin.connections().get(0).nextRequest()).endsWith(request);
        }
    }

    private TlsGateway start(SslProvider provider, int origin) throws Exception {
        ServerTls tls = new ServerTls(
                "test",
                new TlsSettings(List.of(certificates.server("g"))),
                false,
                provider,
                new TicketSecrets(System::currentTimeMillis));
        return TlsGateway.start(
                tls,
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin)));
    }

    private TlsSocket.Offer offer(String version) {
        return new TlsSocket.Offer(certificates.client(), "g").version(version);
    }
}
