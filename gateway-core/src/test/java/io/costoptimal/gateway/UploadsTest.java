package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large requests: what is held is bounded, what is refused is let go of, and answers may come early. */
class UploadsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static String body(int size) {
        return "{\"model\":\"gpt-4o\",\"x\":\"" + "a".repeat(size) + "\"}";
    }

    /** Trap 1: the connection still has bytes of the old request on their way. */
    @Test
    void relaysAnAnswerThatComesBeforeTheRequestIsWrittenAndKeepsNoConnection() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readUntil("\r\n\r\n");
                            connection.send(OK);
                            connection.await(answered);
                            connection.drain(Long.MAX_VALUE);
                        },
                        ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(body(24 * 1024 * 1024)));
            assertThat(client.readMessage()).isEqualTo(OK);
            answered.countDown();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(origin.connections()).hasSize(2);
        }
    }

    /** The close resets the connection under our write, but the answer was here before. */
    @Test
    void relaysTheAnswerOfAProviderThatRefusesAndClosesWhileTheRequestIsStillSent() throws Exception {
        String refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbig!";
        String request = chat(body(20 * 1024 * 1024));
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("\r\n\r\n");
                    connection.send(refusal);
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port())) {
            for (int i = 0; i < 16; i++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.send(request);
                    assertThat(client.readMessage())
                            .as("run " + i)
                            .startsWith("HTTP/1.1 413 Too Large\r\n")
                            .endsWith("big!");
                }
                assertThat(gateway.nextEnd().status()).isEqualTo(413);
            }
        }
    }

    /** A body of a good many segments, twice: the second provider gets what the first one got (trap 30). */
    @Test
    void sendsALongBodyAgainWhole() throws Exception {
        String long1 = body(3 * 1024 * 1024);
        try (ScriptedOrigin bad = ScriptedOrigin.start(connection -> {
                    connection.readExactly(1024 * 1024);
                    connection.rst();
                });
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, bad.port(), good.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(long1));
            assertThat(client.readMessage()).isEqualTo(OK);
            String received = good.next().nextRequest();
            assertThat(received.substring(received.indexOf("\r\n\r\n") + 4).equals(long1))
                    .isTrue();
        }
    }

    /** What counts is the memory that is kept, which is more than the bodies: there is room for one of these, not for two. */
    @Test
    @Timeout(60)
    void refusesWhatItHasNoRoomToHoldUntilThereIsRoomAgain() throws Exception {
        Limits d = Limits.DEFAULTS;
        int mb = 1024 * 1024;
        Limits small = new Limits(
                d.head(),
                new Limits.Body(
                        d.body().bytes(), 8 * mb, d.body().jsonDepth()), // three quarters of it for large bodies
                new Limits.Client(d.client().connections(), 8 * mb),
                d.upstream());
        String large = chat(body(7 * mb / 2));
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1).withLimits(small),
                        TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient holding = RawClient.connect(gateway.port())) {
            holding.send(large.substring(0, large.length() - 2));
            int body = large.length() - large.indexOf("\r\n\r\n") - 4;
            List<Long> read;
            do {
                read = gateway.gateway().running(ExchangeReport::requestBytes).get();
            } while (!read.equals(List.of(body - 2L)));
            assertThat(ask(gateway, large))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("retry-after: ")
                    .contains("\"code\":\"server_is_overloaded\"");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
            holding.send(large.substring(large.length() - 2));
            assertThat(holding.readMessage()).isEqualTo(OK);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            for (int i = 0; i < 10; i++) {
                assertThat(ask(gateway, large)).as("all of it was given back").isEqualTo(OK);
                assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            }
        }
    }

    @Test
    @Timeout(60)
    void refusesHeadsThatComeInPiecesWhileTooMuchOfOthersIsKept() throws Exception {
        Limits d = Limits.DEFAULTS;
        Limits small = new Limits(
                new Limits.Head(d.head().line(), d.head().bytes(), d.head().count(), 6 * 1024),
                d.body(),
                d.client(),
                d.upstream());
        String request = chat(body(100));
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1).withLimits(small),
                        TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient slow = RawClient.connect(gateway.port());
                RawClient other = RawClient.connect(gateway.port())) {
            slow.send(request.substring(0, 30));
            while (gateway.gateway().counts().memory().heads().held() == 0) {
                Thread.onSpinWait();
            }
            other.send(request.substring(0, 30));

            assertThat(other.readMessage())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nconnection: close\r\n", "\r\nretry-after: ")
                    .contains("\"code\":\"server_is_overloaded\"");
            assertThat(ask(gateway, request)).as("a head that comes whole").isEqualTo(OK);
            slow.send(request.substring(30));
            assertThat(slow.readMessage()).isEqualTo(OK);
            assertThat(gateway.gateway().counts().memory().heads().held()).isZero();
        }
    }

    private static String ask(TestGateway gateway, String request) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request);
            return client.readMessage();
        }
    }

    /** Trap 35; that nothing leaks is seen by the gate. */
    @Test
    void neverReadsTheBodyOfAWrongKey() throws Exception {
        byte[] part = new byte[64 * 1024];
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port())) {
            for (int i = 0; i < 100; i++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nx-api-key: wrong\r\n"
                            + "Content-Length: 10000000\r\n\r\n");
                    client.send(part);
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
                    assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
                }
            }
            assertThat(origin.connections()).isEmpty();
            assertThat(ask(gateway, chat(BODY))).isEqualTo(OK);
        }
    }

    /** Pipelined streams: the second is not begun before the first has ended. */
    @Test
    void servesStreamsInTheOrderOfTheirRequests() throws Exception {
        String head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    String request;
                    while ((request = connection.readRequest()) != null) {
                        String name = request.substring(request.length() - 3, request.length() - 2);
                        connection.send(head + ("1\r\n" + name + "\r\n").repeat(3));
                        connection.send("0\r\n\r\n");
                    }
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            StringBuilder requests = new StringBuilder();
            List<String> answers = new ArrayList<>();
            for (char name = 'a'; name <= 'z'; name++) {
                requests.append(chat("{\"model\":\"gpt-4o\",\"x\":\"" + name + "\"}"));
                answers.add(head + ("1\r\n" + name + "\r\n").repeat(3) + "0\r\n\r\n");
            }
            client.send(requests.toString());
            for (String answer : answers) {
                assertThat(client.readMessage()).isEqualTo(answer);
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void keepsAnHttp10ConnectionThatAskedForIt() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            String old = chat(BODY).replace("HTTP/1.1", "HTTP/1.0");
            String keep = old.replace("Host: g", "Connection: keep-alive\r\nExpect: 100-continue");
            for (int i = 0; i < 2; i++) {
                client.send(keep);
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 200 ")
                        .contains("connection: keep-alive\r\n")
                        .endsWith("ok");
            }
            client.send(old);
            assertThat(client.readToEnd()).contains("connection: close\r\n").endsWith("ok");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
        }
    }
}
