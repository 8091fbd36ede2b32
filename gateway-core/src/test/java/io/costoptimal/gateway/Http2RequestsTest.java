package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Answer;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests by HTTP/2 with prior knowledge, on a port that serves HTTP/1 as well, and what their answers are like. */
class Http2RequestsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nhi";
    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;
    private static final int CANCEL = 8;

    static TestGateway http2(int... ports) throws Exception {
        return http2(GatewaySettings.defaults().withEventLoops(1), ports);
    }

    static TestGateway http2(GatewaySettings settings, int... ports) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return TestGateway.start(
                List.of(Listener.at(any).withHttp2()),
                settings,
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, ports)),
                exchange -> new LocalAnswer(200, "text/plain", "ok".getBytes(US_ASCII)),
                exchange -> {});
    }

    /** An origin that gives every request the same answer. */
    static ScriptedOrigin answering(String answer) throws Exception {
        return ScriptedOrigin.start(connection -> {
            while (connection.readRequest() != null) {
                connection.send(answer);
            }
        });
    }

    private static Answer ask(String answer) throws Exception {
        try (ScriptedOrigin origin = answering(answer);
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            return client.answer(1);
        }
    }

    @Test
    void aRequestIsRelayedAsHttp1() throws Exception {
        try (ScriptedOrigin origin = answering(OK);
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead("x-own", "a", "x-own", "b"));
            client.data(1, true, BODY);

            Answer answer = client.answer(1);
            String sent = origin.next().nextRequest();
            assertThat(sent)
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .contains("x-own: a\r\nx-own: b\r\n")
                    .containsIgnoringCase("\r\ncontent-length: " + BODY.length() + "\r\n")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .doesNotContain(":authority")
                    .endsWith("\r\n\r\n" + BODY);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hi");
            assertThat(answer.ended()).isTrue();
            assertThat(answer.fields())
                    .containsEntry("content-length", "2")
                    .containsEntry("content-type", "text/plain")
                    .containsKey("x-request-id");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void whatBelongsToAConnectionIsNotTold() throws Exception {
        Answer answer = ask("HTTP/1.1 200 OK\r\nConnection: x-drop, close\r\nX-Drop: 1\r\nKeep-Alive: timeout=5\r\n"
                + "Transfer-Encoding: chunked\r\nTrailer: x\r\nX-Request-Id: theirs\r\nX-KEPT:   v \r\n\r\n"
                + "2\r\nhi\r\n0\r\nx: y\r\n\r\n");

        assertThat(answer.body()).isEqualTo("hi");
        assertThat(answer.ended()).isTrue();
        assertThat(answer.fields())
                .containsEntry("x-kept", "v")
                .containsEntry("x-upstream-request-id", "theirs")
                .doesNotContainKeys("connection", "x-drop", "keep-alive", "transfer-encoding", "trailer");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 206, 299})
    void everyStatusIsTold(int status) throws Exception {
        String length = status == 204 ? "" : "Content-Length: 0\r\n";

        Answer answer = ask("HTTP/1.1 " + status + " X\r\n" + length + "\r\n");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.ended()).isTrue();
    }

    @Test
    void headFieldsLongerThanAFrameAreContinued() throws Exception {
        String value = "v".repeat(15_000);

        Answer answer =
                ask("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx-a: " + value + "\r\nx-b: " + value + "\r\n\r\nhi");

        assertThat(answer.fields()).containsEntry("x-a", value).containsEntry("x-b", value);
        assertThat(answer.body()).isEqualTo("hi");
    }

    @Test
    void anAnswerToTheEndOfItsConnectionEndsInOrder() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                });
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);

            assertThat(client.answer(1))
                    .matches(answer -> answer.ended() && answer.body().equals("all of it"));
        }
    }

    @Test
    void anAnswerThatBreaksOffIsResetAndNeverEnded() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                });
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);

            Answer answer = client.answer(1);
            assertThat(answer.body()).isEqualTo("half");
            assertThat(answer.ended()).isFalse();
            assertThat(answer.reset()).isEqualTo(INTERNAL_ERROR);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @Test
    void aBrokenStreamDoesNotDisturbTheOthers() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1");
                            connection.await(broken);
                        },
                        connection -> {
                            connection.readRequest();
                            connection.await(broken);
                            connection.send(OK);
                        });
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            origin.next().nextRequest();
            client.chat(3, BODY);
            origin.next().nextRequest();
            broken.countDown();

            assertThat(client.answer(1).reset()).isEqualTo(INTERNAL_ERROR);
            assertThat(client.answer(3).body()).isEqualTo("hi");
        }
    }

    @Test
    void aClientsResetCancelsTheProvidersCall() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1");
                    connection.readToEnd();
                });
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            client.read(RawHttp2Client.DATA, 1);
            client.reset(1, CANCEL);

            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            origin.next().awaitFinished();
        }
    }

    @Test
    void manyStreamsAreServedAtOnceAndOneAfterAnother() throws Exception {
        try (ScriptedOrigin origin = answering(OK);
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 100; i++) {
                    client.chat(200 * round + 2 * i + 1, BODY);
                }
                for (int i = 0; i < 100; i++) {
                    assertThat(client.answer(200 * round + 2 * i + 1).body()).isEqualTo("hi");
                }
            }
        }
    }

    @Test
    void oneStreamMoreThanAllowedIsRefusedAndMayBeTriedAgain() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    while (connection.readRequest() != null) {
                        connection.await(gate);
                        connection.send(OK);
                    }
                });
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            for (int i = 0; i <= 100; i++) {
                client.chat(2 * i + 1, BODY);
            }

            int refusedStream = 7;
            assertThat(client.answer(201).reset()).isEqualTo(refusedStream);
            gate.countDown();
            assertThat(client.answer(1).body()).isEqualTo("hi");
            client.chat(203, BODY);
            assertThat(client.answer(203).body()).isEqualTo("hi");
        }
    }

    @Test
    void anAnswerWaitsForTheWindowOfItsStreamAlone() throws Exception {
        String large = "y".repeat(300_000);
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n" + large;
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(answer);
                        },
                        connection -> {
                            connection.readRequest();
                            connection.send(answer);
                        });
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.window(0, 10_000_000);
            client.chat(1, BODY);
            client.readData(1, 65_535);
            client.chat(3, BODY);
            client.window(3, 10_000_000);

            // All of the third stream, while the first has no window.
            assertThat(client.answer(3).body()).isEqualTo(large);
            client.window(1, 10_000_000);
            assertThat(client.answer(1).body()).hasSize(300_000 - 65_535);
        }
    }

    @Test
    void aRequestThatIsRefusedEarlyIsAnsweredWholeAndThenReset() throws Exception {
        try (TestGateway gateway = http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(
                    1,
                    false,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":authority",
                    "g",
                    ":path",
                    "/v1/chat/completions",
                    "authorization",
                    "Bearer wrong",
                    "content-type",
                    "application/json");

            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.ended()).isTrue();
            assertThat(client.next(1).number(0)).isEqualTo(NO_ERROR);
            // What the client had under way then is nobody's.
            client.data(1, false, BODY);
            client.data(1, true, BODY);
            client.ping(1);
            assertThat(client.read(RawHttp2Client.PING, 0).has(RawHttp2Client.ACK))
                    .isTrue();
            client.headers(3, true, ":method", "GET", ":scheme", "http", ":authority", "g", ":path", "/health");
            assertThat(client.answer(3).status()).isNotZero();
        }
    }

    @Test
    void anInterimAnswerAsksForTheBody() throws Exception {
        try (ScriptedOrigin origin = answering(OK);
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead("expect", "100-continue"));
            RawHttp2Client.Frame interim = client.read(RawHttp2Client.HEADERS, 1);
            assertThat(interim.has(RawHttp2Client.END_STREAM)).isFalse();
            assertThat(new String(interim.payload(), US_ASCII)).contains("100");
            client.data(1, true, BODY);

            assertThat(client.answer(1).body()).isEqualTo("hi");
        }
    }

    @Test
    void aHeadRequestIsToldTheLengthAndGetsNothing() throws Exception {
        try (TestGateway gateway = http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(
                    1,
                    true,
                    ":method",
                    "HEAD",
                    ":scheme",
                    "http",
                    ":authority",
                    "g",
                    ":path",
                    "/v1/models",
                    "authorization",
                    "Bearer " + TestGateway.KEY);

            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields()).containsEntry("content-length", "2");
            assertThat(answer.body()).isEmpty();
            assertThat(answer.ended()).isTrue();
        }
    }

    @Test
    void trailersEndABodyAndGoNoFurther() throws Exception {
        try (ScriptedOrigin origin = answering(OK);
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead());
            client.data(1, false, BODY);
            client.headers(1, true, "x-trailer", "no", "authorization", "Bearer other");

            assertThat(client.answer(1).body()).isEqualTo("hi");
            assertThat(origin.next().nextRequest())
                    .endsWith(BODY)
                    .doesNotContain("x-trailer")
                    .doesNotContain("other");
        }
    }

    @Test
    void cookiesInPiecesBecomeOne() throws Exception {
        try (ScriptedOrigin origin = answering(OK);
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead("cookie", "a=1", "cookie", "b=2"));
            client.data(1, true, BODY);

            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(origin.next().nextRequest()).doesNotContain("cookie: a=1\r\n");
        }
    }

    @Test
    void paddingIsNoPartOfABody() throws Exception {
        try (ScriptedOrigin origin = answering(OK);
                TestGateway gateway = http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead("content-length", Integer.toString(BODY.length())));
            byte[] padded = ((char) 5 + BODY + "\0\0\0\0\0").getBytes(US_ASCII);
            client.frame(RawHttp2Client.DATA, RawHttp2Client.PADDED | RawHttp2Client.END_STREAM, 1, padded);

            assertThat(client.answer(1).body()).isEqualTo("hi");
            assertThat(origin.next().nextRequest()).endsWith("\r\n\r\n" + BODY);
        }
    }
}
