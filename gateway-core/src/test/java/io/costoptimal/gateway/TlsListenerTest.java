package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TlsGateway;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.testing.Wire;
import io.costoptimal.gateway.tls.HandshakeFailure;
import io.costoptimal.gateway.tls.ServerTls;
import io.costoptimal.gateway.tls.TlsSettings;
import io.netty.pkitesting.CertificateBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients over TLS: which certificate they get, what is spoken, and what those are told who do not belong there. */
@Timeout(60)
class TlsListenerTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final TestCertificates certificates = new TestCertificates();

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRequestAndItsAnswerPassOverTls(String version) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TlsGateway gateway = TlsGateway.start(origin.port(), certificates.server("g"));
                RawClient client = gateway.connect(offer("g").version(version))) {
            assertThat(client.tls().session().getProtocol()).isEqualTo(version);
            for (int i = 0; i < 2; i++) {
                client.send(chat(BODY));
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\nok");
            }
            assertThat(gateway.tls().counts().handshakes()).containsOnlyKeys(version);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1", "TLSv1.1"})
    void anOldVersionIsRefused(String version) throws Exception {
        try (TlsGateway gateway = TlsGateway.start(1, certificates.server("g"))) {
            byte[] hello = oldHello(version.equals("TLSv1") ? 1 : 2);
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(hello);
                // An alert, protocol_version (RFC 8446 section 6.2).
                assertThat(client.readToEnd()).startsWith("\u0015\u0003").endsWith("\u0002\u0046");
            }
            assertThat(gateway.tls().counts().failures().get(HandshakeFailure.NOTHING_IN_COMMON))
                    .isEqualTo(1);
        }
    }

    /** A hello of an old client, who knows all of our ciphers but not our versions. */
    private static byte[] oldHello(int minor) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(3);
        body.write(minor);
        body.writeBytes(new byte[32]);
        body.write(0);
        body.writeBytes(new byte[] {0, 4, (byte) 0xc0, 0x2f, (byte) 0xc0, 0x13, 1, 0, 0, 0});
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(new byte[] {22, 3, 1, 0, (byte) (body.size() + 4), 1, 0, 0, (byte) body.size()});
        hello.writeBytes(body.toByteArray());
        return hello.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "one.test, one.test",
                "ONE.test, one.test",
                "two.test, two.test",
                "a.wild.test, *.wild.test",
                "b.wild.test, *.wild.test",
                "a.b.wild.test, one.test",
                "wild.test, one.test",
                "unknown.test, one.test",
                "none, one.test",
            })
    void theCertificateIsTheOneForTheNameThatIsAskedFor(String name, String expected) throws Exception {
        try (TlsGateway gateway = TlsGateway.start(
                        1,
                        certificates.server("one.test"),
                        certificates.server("two.test", "deux.test"),
                        certificates.server("*.wild.test"));
                RawClient client = gateway.connect(certificates.client(), name)) {
            assertThat(names(client).get(0)).isEqualTo(expected);
        }
    }

    @Test
    void keysOfRsaServe() throws Exception {
        try (TlsGateway gateway = TlsGateway.start(
                1, TestCertificates.server(certificates.issue(new CertificateBuilder().rsa2048(), "g")))) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (RawClient client = gateway.connect(offer("g").version(version))) {
                    assertThat(names(client)).containsExactly("g");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'h2,http/1.1', http/1.1", "http/1.1, http/1.1", "h2, ''", "'', ''"})
    void http1IsAllThatIsOfferedWithoutHttp2(String offered, String settled) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TlsGateway gateway = TlsGateway.start(origin.port(), certificates.server("g"))) {
            TlsSocket.Offer offer = offered.isEmpty() ? offer("g") : offer("g").alpn(offered.split(","));
            try (RawClient client = gateway.connect(offer)) {
                assertThat(client.tls().protocol()).isEqualTo(settled);
                client.send(chat(BODY));
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: g\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"})
    void plainHttpIsToldInPlainHttpThatThisPortSpeaksHttps(String request) throws Exception {
        try (TlsGateway gateway = TlsGateway.start(1, certificates.server("g"));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request);
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("connection: close\r\n")
                    .contains("This port speaks HTTPS");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
            assertThat(gateway.tls().counts().failures().get(HandshakeFailure.PLAIN_HTTP))
                    .isEqualTo(1);
        }
    }

    /** The answer is not destroyed by a reset under the rest of the upload. */
    @Test
    void plainHttpWithALongBodyIsToldSoToo() throws Exception {
        try (TlsGateway gateway = TlsGateway.start(1, certificates.server("g"));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000));
            assertThat(client.readToEnd()).contains("This port speaks HTTPS");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-x\r\n",
                "\u0001\u0002GET /",
                "\u0000\u0000\u0000",
                "\u0015\u0003\u0001\u0000\u0002\u0002\u0028"
            })
    void whatIsNoHttpEitherIsClosedWithoutAWord(String bytes) throws Exception {
        try (TlsGateway gateway = TlsGateway.start(1, certificates.server("g"));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(bytes);
            assertThat(client.readToEnd()).isEmpty();
            assertThat(gateway.tls().counts().failures().get(HandshakeFailure.NOT_TLS))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "g, g, 200",
                "g, G, 200",
                "g, g:8443, 200",
                "g, g., 200",
                "g, h, 421",
                "g, gg, 421",
                "g, g.evil, 421",
                "g, 127.0.0.1, 421",
                "other.test, other.test, 200",
                "other.test, g, 421",
                "none, g, 200",
                "none, 127.0.0.1:8443, 200",
            })
    void aRequestForAnotherHostThanTheNameOfTheConnectionIs421(String name, String host, int status) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TlsGateway gateway = TlsGateway.start(origin.port(), certificates.server("g"));
                RawClient client = gateway.connect(certificates.client(), name)) {
            client.send(chat(BODY).replace("Host: g\r\n", "Host: " + host + "\r\n"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 " + status + " ");
            if (status == 421) {
                client.readToEnd();
                assertThat(client.end()).isEqualTo(Wire.End.CLOSE_NOTIFY);
            }
        }
    }

    /** Later requests of a connection may be for another host, as browsers send them to one with the same certificate. */
    @ParameterizedTest
    @CsvSource({":authority, g:8443, 200", ":authority, h, 421", ":authority, g.evil, 421", "host, h, 421"})
    void eachRequestOfAnHttp2ConnectionIsHeldAgainstItsName(String field, String host, int status) throws Exception {
        ServerTls tls = new ServerTls("test", new TlsSettings(List.of(certificates.server("g"))), true);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK))) {
            Snapshot snapshot = TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port()));
            try (TlsGateway gateway =
                            TlsGateway.start(tls, GatewaySettings.defaults().withEventLoops(1), snapshot);
                    RawHttp2Client client = RawHttp2Client.over(new TlsSocket(
                            new Socket(InetAddress.getLoopbackAddress(), gateway.port()),
                            new TlsSocket.Offer(certificates.client(), "g").alpn("h2")))) {
                client.chat(1, BODY);
                assertThat(client.answer(1).status()).isEqualTo(200);
                String[] head = RawHttp2Client.chatHead();
                head[4] = field;
                head[5] = host;
                // Pseudo-header fields come first.
                if (field.equals("host")) {
                    head[4] = head[6];
                    head[5] = head[7];
                    head[6] = field;
                    head[7] = host;
                }
                client.headers(3, false, head);
                client.data(3, true, BODY);
                assertThat(client.answer(3).status()).isEqualTo(status);
                client.chat(5, BODY);
                assertThat(client.answer(5).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void renewedCertificatesAreForNewConnectionsAndTheOthersStay() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TlsGateway gateway = TlsGateway.start(origin.port(), certificates.server("g", "old.test"));
                RawClient before = gateway.connect(certificates.client(), "g")) {
            before.send(chat(BODY));
            before.readMessage();

            gateway.reload(new TlsSettings(List.of(certificates.server("g", "new.test"))));

            try (RawClient after = gateway.connect(certificates.client(), "g")) {
                assertThat(names(after)).containsExactly("g", "new.test");
                after.send(chat(BODY));
                assertThat(after.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
            }
            before.send(chat(BODY));
            assertThat(before.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void aHandshakeThatEndsWhenTheGatewayDrainsIsFollowedByCloseNotify() throws Exception {
        try (TlsGateway gateway = TlsGateway.start(1, certificates.server("g"));
                Socket open = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            Gateway engine = gateway.gateway().gateway();
            while (engine.connections() == 0) {
                Thread.onSpinWait();
            }
            CompletableFuture<Boolean> drained = engine.drain(Duration.ofSeconds(60));
            try (TlsSocket client = new TlsSocket(open, offer("g"))) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(client.saidClose()).isTrue();
            }
            assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aHandshakeThatIsNotFinishedInTimeIsClosed() throws Exception {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts.Client client = new Timeouts.Client(
                Duration.ofMillis(200),
                d.client().bodyIdle(),
                d.client().keepAlive(),
                d.client().writeStall(),
                d.client().linger());
        GatewaySettings hasty =
                GatewaySettings.defaults().withEventLoops(1).withTimeouts(new Timeouts(client, d.upstream(), d.pool()));
        try (TlsGateway gateway = TlsGateway.start(
                        new TlsSettings(List.of(certificates.server("g"))),
                        hasty,
                        TestGateway.snapshot(TestGateway.routes("gpt-4o", null, 1)));
                RawClient silent = RawClient.connect(gateway.port());
                RawClient half = RawClient.connect(gateway.port());
                RawClient unfinished = RawClient.connect(gateway.port())) {
            half.send(Arrays.copyOf(hello(), 20));
            unfinished.send(hello());
            for (RawClient late : List.of(silent, half, unfinished)) {
                late.readToEnd();
            }
            assertThat(gateway.tls().counts().failures().get(HandshakeFailure.TIMEOUT))
                    .isEqualTo(3);
        }
    }

    @Test
    void oneHandshakeTooManyIsClosed() throws Exception {
        GatewaySettings defaults = GatewaySettings.defaults().withEventLoops(1);
        Limits d = Limits.DEFAULTS;
        GatewaySettings narrow =
                defaults.withLimits(new Limits(d.head(), d.body(), new Limits.Client(100, 1000, 1), d.upstream()));
        try (TlsGateway gateway = TlsGateway.start(
                        new TlsSettings(List.of(certificates.server("g"))),
                        narrow,
                        TestGateway.snapshot(TestGateway.routes("gpt-4o", null, 1)));
                RawClient first = RawClient.connect(gateway.port())) {
            first.send(hello());
            first.readUntil("\u0016\u0003\u0003");
            assertThatThrownBy(() -> gateway.connect(certificates.client(), "g"))
                    .isInstanceOf(IOException.class);
            assertThat(gateway.tls().counts().failures().get(HandshakeFailure.OVERLOAD))
                    .isEqualTo(1);
            first.rst();
            // The place is free again as soon as the event loop has seen that.
            SSLContext client = certificates.client();
            for (boolean in = false; !in; ) {
                try {
                    gateway.connect(client, "g").close();
                    in = true;
                } catch (IOException notYet) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** The first record of a client that could go on. */
    private byte[] hello() throws Exception {
        SSLEngine engine = certificates.client().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private TlsSocket.Offer offer(String name) {
        return new TlsSocket.Offer(certificates.client(), name);
    }

    /** Of the certificate that the client was shown. */
    private static List<String> names(RawClient client) throws Exception {
        return ((X509Certificate) client.tls().session().getPeerCertificates()[0])
                .getSubjectAlternativeNames().stream()
                        .map(name -> (String) name.get(1))
                        .toList();
    }
}
