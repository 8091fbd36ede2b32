package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.ACK;
import static io.costoptimal.gateway.testing.RawHttp2Client.DATA;
import static io.costoptimal.gateway.testing.RawHttp2Client.GOAWAY;
import static io.costoptimal.gateway.testing.RawHttp2Client.HEADERS;
import static io.costoptimal.gateway.testing.RawHttp2Client.PING;
import static io.costoptimal.gateway.testing.RawHttp2Client.block;
import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Answer;
import io.costoptimal.gateway.testing.RawHttp2Client.Frame;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How connections by HTTP/2 and their streams end: by the gateway's wish, by a client's silence, by a close. */
class Http2LifeTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Timeouts.Client D = Timeouts.DEFAULTS.client();
    private static final int NO_ERROR = 0;
    private static final int CANCEL = 8;

    private static GatewaySettings with(Timeouts.Client client) {
        return GatewaySettings.defaults()
                .withEventLoops(1)
                .withTimeouts(new Timeouts(client, Timeouts.DEFAULTS.upstream(), Timeouts.DEFAULTS.pool()));
    }

    private static ScriptedOrigin halfOfAnAnswer(CountDownLatch gate) throws Exception {
        return ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
            connection.await(gate);
            connection.send("b");
            connection.readToEnd();
        });
    }

    @Test
    void aDrainTellsTwiceServesWhatIsUnderWayAndCloses() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = halfOfAnAnswer(gate);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            client.read(DATA, 1);
            CompletableFuture<Boolean> drained = gateway.gateway().drain(Duration.ofSeconds(60));

            Frame first = client.read(GOAWAY, 0);
            assertThat(first.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(first.number(4)).isEqualTo(NO_ERROR);
            Frame ping = client.read(PING, 0);
            // Sent before the client knew: it is served.
            client.headers(3, true, health());
            client.frame(PING, ACK, 0, ping.payload());
            Frame last = client.read(GOAWAY, 0);
            assertThat(last.number(0)).isEqualTo(3);
            assertThat(client.answer(3).ended()).isTrue();
            // Sent after that: it is not, and the client knows.
            client.headers(5, true, health());
            gate.countDown();
            Answer answer = client.answer(1);
            assertThat(answer.body()).isEqualTo("b");
            assertThat(answer.ended()).isTrue();
            assertThat(client.readToClose()).isNull();
            client.socket().close();
            assertThat(drained.get()).isTrue();
        }
    }

    private static String[] health() {
        return new String[] {":method", "GET", ":scheme", "http", ":authority", "g", ":path", "/health"};
    }

    @Test
    void anIdleConnectionIsDrainedAsSoonAsItsClientHasSeenThat() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.ping(7);
            client.read(PING, 0);
            CompletableFuture<Boolean> drained = gateway.gateway().drain(Duration.ofSeconds(60));
            client.read(GOAWAY, 0);
            client.frame(PING, ACK, 0, client.read(PING, 0).payload());

            assertThat(client.readToClose().number(0)).isZero();
            client.socket().close();
            assertThat(drained.get()).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotAnswerPingsIsDrainedAllTheSame() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(D.head(), D.bodyIdle(), D.keepAlive(), D.writeStall(), SOON);
        try (TestGateway gateway = Http2RequestsTest.http2(with(hurried), 1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.ping(7);
            client.read(PING, 0);
            CompletableFuture<Boolean> drained = gateway.gateway().drain(Duration.ofSeconds(60));

            assertThat(client.readToClose().number(0)).isZero();
            assertThat(drained.get()).isTrue();
        }
    }

    @Test
    void anAnswerThatADrainCutsOffIsReset() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
                    connection.readToEnd();
                });
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            client.read(DATA, 1);

            assertThat(gateway.gateway().drain(Duration.ofMillis(1)).get()).isFalse();
            Answer answer = client.answer(1);
            assertThat(answer.ended()).isFalse();
            assertThat(answer.reset()).isPositive();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @Test
    void aConnectionWithoutAPrefaceInTimeIsClosed() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(SOON, D.bodyIdle(), D.keepAlive(), D.writeStall(), D.linger());
        try (TestGateway gateway = Http2RequestsTest.http2(with(hurried), 1);
                RawHttp2Client client = RawHttp2Client.silent(gateway.port(), 0)) {
            client.send("PRI * HTTP/2.0\r\n".getBytes(US_ASCII));
            assertThat(client.readToClose()).isNull();
        }
    }

    @Test
    void aConnectionWithoutSettingsInTimeIsClosed() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(SOON, D.bodyIdle(), D.keepAlive(), D.writeStall(), D.linger());
        try (TestGateway gateway = Http2RequestsTest.http2(with(hurried), 1);
                RawHttp2Client client = RawHttp2Client.silent(gateway.port(), 0)) {
            client.send(RawHttp2Client.PREFACE.getBytes(US_ASCII));
            assertThat(client.readToClose()).isNull();
        }
    }

    @Test
    void anIdleConnectionIsToldAndClosed() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(D.head(), D.bodyIdle(), SOON, D.writeStall(), D.linger());
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(with(hurried), origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            assertThat(client.answer(1).ended()).isTrue();
            Frame last = client.readToClose();
            assertThat(last.number(0)).isOne();
            assertThat(last.number(4)).isEqualTo(NO_ERROR);
        }
    }

    @Test
    void aHeadThatDoesNotEndInTimeEndsTheConnection() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(SOON, D.bodyIdle(), D.keepAlive(), D.writeStall(), D.linger());
        try (TestGateway gateway = Http2RequestsTest.http2(with(hurried), 1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.frame(HEADERS, 0, 1, block(chatHead()));
            assertThat(client.readToClose()).isNotNull();
        }
    }

    @Test
    void aBodyThatDoesNotComeIsAnsweredOnItsStream() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(D.head(), SOON, D.keepAlive(), D.writeStall(), D.linger());
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(with(hurried), origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead());
            assertThat(client.answer(1).status()).isEqualTo(408);
            assertThat(client.next(1).number(0)).isEqualTo(NO_ERROR);
            client.headers(3, false, chatHead());
            client.data(3, false, "{\"model\":");
            assertThat(client.answer(3).status()).isEqualTo(408);
            client.chat(5, BODY);
            assertThat(client.answer(5).body()).isEqualTo("hi");
        }
    }

    @Test
    void aStreamWhoseClientTakesNothingIsGivenUpAndOthersGoOn() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(D.head(), D.bodyIdle(), D.keepAlive(), SOON, D.linger());
        byte[] piece = new byte[64 * 1024];
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                            while (true) {
                                connection.send(piece);
                            }
                        },
                        ScriptedOrigin.answering(OK));
                TestGateway gateway = Http2RequestsTest.http2(with(hurried), origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.window(0, 1_000_000);
            client.chat(1, BODY);
            Answer answer = client.answer(1);
            assertThat(answer.ended()).isFalse();
            assertThat(answer.reset()).isEqualTo(CANCEL);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            client.chat(3, BODY);
            assertThat(client.answer(3).body()).isEqualTo("hi");
        }
    }

    @Test
    void aWholeAnswerThatTheClientDoesNotTakeIsGivenUpToo() throws Exception {
        Timeouts.Client hurried = new Timeouts.Client(D.head(), D.bodyIdle(), D.keepAlive(), SOON, D.linger());
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(with(hurried), origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), 4, 0)) {
            client.chat(1, BODY);
            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.reset()).isEqualTo(CANCEL);
        }
    }

    @Test
    void aClientThatLeavesCancelsAllItsCalls() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.readToEnd();
                });
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            client.chat(3, BODY);
            ScriptedOrigin.Connection one = origin.next();
            ScriptedOrigin.Connection two = origin.next();
            one.nextRequest();
            two.nextRequest();
            client.socket().close();

            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            one.awaitFinished();
            two.awaitFinished();
            assertThat(gateway.unclaimedEnds()).isZero();
        }
    }

    @Test
    void aPingIsAnswered() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.ping(0x1234);
            Frame answer = client.read(PING, 0);
            assertThat(answer.has(ACK)).isTrue();
            assertThat(answer.payload()).endsWith(0x12, 0x34);
        }
    }

    @Test
    void everyRunningExchangeOfAConnectionIsSeen() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.await(gate);
                    connection.send(OK);
                });
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            client.chat(3, BODY);
            origin.next().nextRequest();
            origin.next().nextRequest();

            assertThat(gateway.gateway().running(exchange -> exchange.status()).get())
                    .hasSize(2);
            gate.countDown();
            assertThat(client.answer(1).ended()).isTrue();
            assertThat(client.answer(3).ended()).isTrue();
        }
    }
}
