package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.ScriptedOrigin.Script;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an exchange when somebody takes too long, on real sockets; how long that is, is tested elsewhere. */
class DeadlinesTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATE = Duration.ofSeconds(60);

    private static Script silentAfter(String part) {
        return connection -> {
            connection.readRequest();
            connection.send(part);
            connection.readToEnd();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"})
    void aProviderWithoutAWholeHeadInTimeIsPassedOver(String part) throws Exception {
        try (ScriptedOrigin slow = ScriptedOrigin.start(silentAfter(part));
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.start(
                        settings(Timeouts.DEFAULTS),
                        TestGateway.routes(
                                "gpt-4o",
                                candidate("http://127.0.0.1:" + slow.port(), SOON),
                                candidate("http://127.0.0.1:" + good.port(), LATE)));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            slow.next().awaitFinished();
            assertThat(gateway.nextEnd().attempts()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n"})
    void aClientIsToldWhenNoProviderAnswersInTime(String part) throws Exception {
        try (ScriptedOrigin slow = ScriptedOrigin.start(silentAfter(part));
                TestGateway gateway = TestGateway.start(
                        settings(Timeouts.DEFAULTS),
                        TestGateway.routes("gpt-4o", candidate("http://127.0.0.1:" + slow.port(), SOON)));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 504 ")
                    .contains("\"code\":\"upstream_timeout\"")
                    .doesNotContain("x-should-retry: false");
            slow.next().awaitFinished();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        }
    }

    @Test
    void aStreamThatFallsSilentIsBrokenOffAndSaysSo() throws Exception {
        String part = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "9\r\ndata: 1\n\n\r\n";
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts idle =
                new Timeouts(d.client(), new Timeouts.Upstream(d.upstream().connect(), SOON), d.pool());
        try (ScriptedOrigin silent = ScriptedOrigin.start(silentAfter(part));
                TestGateway gateway =
                        TestGateway.start(settings(idle), TestGateway.routes("gpt-4o", null, silent.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readToEnd())
                    .contains("data: 1\n\n")
                    .contains("data: {\"error\":{")
                    .doesNotContain("\n0\r\n\r\n");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
            silent.next().awaitFinished();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @Test
    void aClientThatStopsReadingIsGivenUpAndTheProvidersCallEnds() throws Exception {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts.Client c = d.client();
        Timeouts stall = new Timeouts(
                new Timeouts.Client(c.head(), c.bodyIdle(), c.keepAlive(), SOON, c.linger()), d.upstream(), d.pool());
        byte[] data = new byte[64 * 1024];
        try (ScriptedOrigin endless = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
                    while (true) {
                        connection.send(data);
                    }
                });
                TestGateway gateway =
                        TestGateway.start(settings(stall), TestGateway.routes("gpt-4o", null, endless.port()));
                RawClient client = RawClient.connect(gateway.port(), 4096)) {
            client.send(chat(BODY));
            endless.next().awaitFinished();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
        }
    }

    @Test
    @Timeout(120)
    void aClientThatAsksAndNeverReadsIsServedNoFurtherAndGivenUp() throws Exception {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts.Client c = d.client();
        Timeouts stall = new Timeouts(
                new Timeouts.Client(c.head(), c.bodyIdle(), c.keepAlive(), SOON, c.linger()), d.upstream(), d.pool());
        byte[] requests = "GET /n HTTP/1.1\r\nHost: g\r\n\r\n".repeat(2000).getBytes(StandardCharsets.US_ASCII);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway =
                        TestGateway.start(settings(stall), TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient client = RawClient.connect(gateway.port(), 4096)) {
            assertThatThrownBy(() -> {
                        for (long sent = 0; sent < 64 << 20; sent += requests.length) {
                            client.send(requests);
                        }
                    })
                    .as("the gateway stops reading, and then resets the connection")
                    .isInstanceOf(SocketException.class);
            try (RawClient other = RawClient.connect(gateway.port())) {
                other.send(chat(BODY));
                assertThat(other.readMessage()).isEqualTo(OK);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n"})
    void anExchangeThatTakesTooLongInAllIsEndedBeforeItsAnswerBegan(String part) throws Exception {
        try (ScriptedOrigin slow = ScriptedOrigin.start(silentAfter(part));
                TestGateway gateway = TestGateway.start(
                        settings(total(SOON)),
                        TestGateway.routes("gpt-4o", candidate("http://127.0.0.1:" + slow.port(), LATE)));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ").contains("\"code\":\"exchange_timeout\"");
            slow.next().awaitFinished();
            TestGateway.End end = gateway.nextEnd();
            assertThat(end.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
            assertThat(end.failure()).contains("took too long");
        }
    }

    @Test
    void anAnswerThatDribblesOnIsBrokenOffInTheEnd() throws Exception {
        try (ScriptedOrigin dribbling = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    while (true) {
                        connection.send("1\r\na\r\n");
                        connection.socket().setSoTimeout(20);
                        try {
                            connection.readExactly(1);
                        } catch (SocketTimeoutException goOn) {
                            // A byte now and then.
                        }
                    }
                });
                TestGateway gateway =
                        TestGateway.start(settings(total(SOON)), TestGateway.routes("gpt-4o", null, dribbling.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readToEnd()).contains("a\r\n").doesNotContain("\n0\r\n\r\n");
            dribbling.next().awaitFinished();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @Test
    void aBodyThatComesSteadilyButForTooLongIsRefused() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway =
                        TestGateway.start(settings(total(SOON)), TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                    + "\r\nContent-Length: 30000000\r\n\r\n{\"x\":\"");
            client.socket().setSoTimeout(20);
            String answer = null;
            while (answer == null) {
                client.send("aaaaaaaa");
                try {
                    answer = client.readUntil("\r\n");
                } catch (SocketTimeoutException goOn) {
                    // Not yet.
                }
            }
            assertThat(answer).startsWith("HTTP/1.1 408 ");
            assertThat(origin.connections()).isEmpty();
        }
    }

    private static Timeouts total(Duration total) {
        Timeouts d = Timeouts.DEFAULTS;
        return new Timeouts(
                d.client(),
                d.upstream(),
                d.pool(),
                new Timeouts.Exchange(total, d.exchange().counting()));
    }

    /** Traps 10 and 49 from the other side: a provider that accepts and says nothing. */
    @Test
    void aSilentHandshakeIsAFailedAttempt() throws Exception {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts connect = new Timeouts(
                d.client(), new Timeouts.Upstream(SOON, d.upstream().streamIdle()), d.pool());
        try (ScriptedOrigin silent = ScriptedOrigin.start(connection -> connection.readToEnd());
                TestGateway gateway = TestGateway.start(
                        settings(connect),
                        TestGateway.routes("gpt-4o", candidate("https://127.0.0.1:" + silent.port(), LATE)));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 504 ");
            silent.next().awaitFinished();
            assertThat(gateway.nextEnd().failure()).contains("TLS");
        }
    }

    @Test
    void aFullPoolKeepsItsWaitersInOrderAndNotForever() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts lease = new Timeouts(
                d.client(),
                d.upstream(),
                new Timeouts.Pool(SOON, d.pool().idle(), d.pool().maxLife()));
        Limits l = Limits.DEFAULTS;
        Limits one = new Limits(l.head(), l.body(), l.client(), new Limits.Upstream(1, 1, 4096, 4096));
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.await(busy);
                    connection.send(OK);
                    while (connection.readRequest() != null) {
                        connection.send(OK);
                    }
                });
                TestGateway gateway = TestGateway.start(
                        settings(lease).withLimits(one), TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient first = RawClient.connect(gateway.port());
                RawClient second = RawClient.connect(gateway.port())) {
            first.send(chat(BODY));
            origin.next().nextRequest();
            second.send(chat(BODY));
            assertThat(second.readMessage()).startsWith("HTTP/1.1 503 ").contains("retry-after: ");
            busy.countDown();
            assertThat(first.readMessage()).isEqualTo(OK);
            second.send(chat(BODY));
            assertThat(second.readMessage()).isEqualTo(OK);
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void aClientTooSlowWithItsBodyIsToldAndNoProviderIsAsked() throws Exception {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts.Client c = d.client();
        Timeouts idle = new Timeouts(
                new Timeouts.Client(c.head(), SOON, c.keepAlive(), c.writeStall(), c.linger()), d.upstream(), d.pool());
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway =
                        TestGateway.start(settings(idle), TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY).substring(0, chat(BODY).length() - 1));
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ").contains("connection: close");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
            assertThat(origin.connections()).isEmpty();
        }
    }

    private static GatewaySettings settings(Timeouts timeouts) {
        return GatewaySettings.defaults().withEventLoops(1).withTimeouts(timeouts);
    }

    private static Candidate candidate(String base, Duration firstByte) {
        return new Candidate(TestGateway.provider(ProviderKinds.OPENAI, base, firstByte), null);
    }
}
