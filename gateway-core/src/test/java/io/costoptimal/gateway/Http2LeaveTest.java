package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.ACK;
import static io.costoptimal.gateway.testing.RawHttp2Client.DATA;
import static io.costoptimal.gateway.testing.RawHttp2Client.END_HEADERS;
import static io.costoptimal.gateway.testing.RawHttp2Client.END_STREAM;
import static io.costoptimal.gateway.testing.RawHttp2Client.GOAWAY;
import static io.costoptimal.gateway.testing.RawHttp2Client.HEADERS;
import static io.costoptimal.gateway.testing.RawHttp2Client.PING;
import static io.costoptimal.gateway.testing.RawHttp2Client.SETTINGS;
import static io.costoptimal.gateway.testing.RawHttp2Client.block;
import static io.costoptimal.gateway.testing.RawHttp2Client.bytes;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Answer;
import io.costoptimal.gateway.testing.RawHttp2Client.Frame;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.tls.ServerTls;
import io.costoptimal.gateway.tls.TlsSettings;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that leaves and has time, for the sake of which it goes on serving: what its clients by HTTP/2 get and are told. */
@Timeout(60)
class Http2LeaveTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final TestCertificates CERTIFICATES = new TestCertificates();

    /** How clients come to speak HTTP/2. */
    enum By {
        PRIOR_KNOWLEDGE,
        ALPN
    }

    /** A gateway with a listener of either kind. */
    private static final class Site implements AutoCloseable {

        private final By by;
        private final ServerTls tls;
        private final TestGateway gateway;

        Site(By by, int origin) throws Exception {
            this.by = by;
            tls = by == By.ALPN
                    ? new ServerTls("test", new TlsSettings(List.of(CERTIFICATES.server("g"))), true)
                    : null;
            Listener any = Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            gateway = TestGateway.start(
                    List.of(tls == null ? any.withHttp2() : any.over(tls)),
                    GatewaySettings.defaults().withEventLoops(1),
                    TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin)),
                    exchange -> null,
                    exchange -> {});
        }

        Socket connect() throws Exception {
            return new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        }

        /** Connects as the first, and waits until the gateway has noticed. */
        Socket accepted() throws Exception {
            Socket socket = connect();
            while (gateway.gateway().connections() == 0) {
                Thread.onSpinWait();
            }
            return socket;
        }

        /** Goes on to where frames are read and written. */
        Socket secure(Socket socket) throws Exception {
            return tls == null
                    ? socket
                    : new TlsSocket(socket, new TlsSocket.Offer(CERTIFICATES.client(), "g").alpn("h2"));
        }

        RawHttp2Client client() throws Exception {
            return RawHttp2Client.over(secure(connect()));
        }

        Gateway gateway() {
            return gateway.gateway();
        }

        @Override
        public void close() {
            gateway.close();
            if (tls != null) {
                tls.close();
            }
        }
    }

    private static Frame goAway(RawHttp2Client client) throws Exception {
        return client.read(GOAWAY, 0);
    }

    /** Asks whether anything was said meanwhile: a PING is answered behind it. */
    private static void assertNotTold(RawHttp2Client client) throws Exception {
        client.ping(1);
        Frame next = client.next(0);
        while (!(next.type() == PING && next.has(ACK))) {
            assertThat(next.type()).isNotEqualTo(GOAWAY);
            next = client.next(0);
        }
    }

    /** One request is served, the client told, one more is that it sent before it knew, and then the connection ends. */
    private static void assertOneMoreRequest(RawHttp2Client client, int stream) throws Exception {
        client.chat(stream, BODY);
        Answer answer = client.answer(stream);
        assertThat(answer.body()).isEqualTo("hi");
        assertThat(answer.ended()).isTrue();
        assertToldAndClosed(client, stream + 2);
    }

    private static void assertToldAndClosed(RawHttp2Client client, int next) throws Exception {
        assertThat(goAway(client).number(0)).isEqualTo(Integer.MAX_VALUE);
        byte[] ping = client.read(PING, 0).payload();
        client.chat(next, BODY);
        assertThat(client.answer(next).body()).isEqualTo("hi");
        client.frame(PING, ACK, 0, ping);
        assertThat(goAway(client).number(0)).isEqualTo(next);
        assertThat(client.readToClose()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsMadeMeanwhileHasOneMoreRequest(By by) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                Site site = new Site(by, origin.port())) {
            site.gateway().announceDrain();
            for (int i = 0; i < 2; i++) {
                try (RawHttp2Client client = site.client()) {
                    assertOneMoreRequest(client, 1);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionOnWhichNothingWasSentYetHasOneMoreRequest(By by) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                Site site = new Site(by, origin.port());
                Socket open = site.accepted()) {
            CompletableFuture<Boolean> left = site.gateway().handOver(LONG);
            try (RawHttp2Client client = RawHttp2Client.over(site.secure(open))) {
                assertOneMoreRequest(client, 1);
            }
            assertThat(left.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestInTheFirstPacketIsServedAndTheClientTold(By by) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                Site site = new Site(by, origin.port())) {
            site.gateway().announceDrain();
            Socket socket = site.secure(site.connect());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(RawHttp2Client.PREFACE.getBytes(US_ASCII));
            all.writeBytes(bytes(SETTINGS, 0, 0, new byte[0]));
            all.writeBytes(bytes(HEADERS, END_HEADERS | END_STREAM, 1, block(nothing())));
            try (RawHttp2Client client = RawHttp2Client.silent(socket)) {
                client.send(all.toByteArray());
                assertThat(client.answer(1).status()).isEqualTo(404);
                assertToldAndClosed(client, 3);
            }
        }
    }

    private static String[] nothing() {
        return new String[] {":method", "GET", ":scheme", "http", ":authority", "g", ":path", "/nothing"};
    }

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionStaysForOneMoreRequest(By by) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                Site site = new Site(by, origin.port());
                RawHttp2Client client = site.client()) {
            client.chat(1, BODY);
            assertThat(client.answer(1).body()).isEqualTo("hi");
            CompletableFuture<Boolean> left = site.gateway().handOver(LONG);
            assertNotTold(client);
            assertOneMoreRequest(client, 3);
            client.socket().close();
            assertThat(left.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsUnderWayGoesOnAndTheClientIsToldBehindTheNextAnswer(By by) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
                            connection.await(gate);
                            connection.send("b");
                            connection.readToEnd();
                        },
                        ScriptedOrigin.answering(OK));
                Site site = new Site(by, origin.port());
                RawHttp2Client client = site.client()) {
            client.chat(1, BODY);
            client.read(DATA, 1);
            CompletableFuture<Boolean> left = site.gateway().handOver(LONG);
            assertNotTold(client);
            client.chat(3, BODY);
            assertThat(client.answer(3).body()).isEqualTo("hi");
            assertThat(goAway(client).number(0)).isEqualTo(Integer.MAX_VALUE);
            client.frame(PING, ACK, 0, client.read(PING, 0).payload());
            assertThat(goAway(client).number(0)).isEqualTo(3);
            gate.countDown();
            assertThat(client.read(DATA, 1).has(END_STREAM)).isTrue();
            assertThat(client.readToClose()).isNull();
            client.socket().close();
            assertThat(left.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsIdleIsToldAtOnceWhenTheTimeIsOver(By by) throws Exception {
        try (Site site = new Site(by, 1);
                RawHttp2Client client = site.client()) {
            assertNotTold(client);
            site.gateway().announceDrain();
            assertNotTold(client);
            CompletableFuture<Boolean> drained = site.gateway().drain(LONG);
            assertThat(goAway(client).number(0)).isEqualTo(Integer.MAX_VALUE);
            client.frame(PING, ACK, 0, client.read(PING, 0).payload());
            assertThat(client.readToClose().number(0)).isZero();
            client.socket().close();
            assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Without a word a client could not know whether what it has sent was read. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatHasNotBegunWhenTheTimeIsOverIsToldThatNothingIsServed(boolean announced) throws Exception {
        try (Site site = new Site(By.ALPN, 1);
                Socket open = site.accepted()) {
            if (announced) {
                site.gateway().announceDrain();
            }
            CompletableFuture<Boolean> drained = site.gateway().drain(LONG);
            try (RawHttp2Client client = RawHttp2Client.over(site.secure(open))) {
                client.chat(1, BODY);
                Frame last = client.readToClose();
                assertThat(last.number(0)).isZero();
                assertThat(last.number(4)).isZero();
            }
            assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
