package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RefusingPort;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.ScriptedOrigin.Script;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see when providers fail: the next provider, an honest error, or an end nobody takes for whole. */
class ProviderFaultsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\",\"messages\":[]}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    static Stream<Arguments> faultsBeforeTheFirstByte() {
        return Stream.of(
                Arguments.of("closes without a byte", script("")),
                Arguments.of("answers nonsense", script("SSH-2.0-OpenSSH_9.2\r\n")),
                Arguments.of("cuts its head", script("HTTP/1.1 200 OK\r\nContent-Le")),
                Arguments.of("sends a status of one digit", script("HTTP/1.1 9 Odd\r\n\r\n")),
                Arguments.of("speaks HTTP/5.6", script("HTTP/5.6 200 OK\r\nContent-Length: 0\r\n\r\n")),
                Arguments.of(
                        "sends two lengths",
                        script("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")),
                Arguments.of(
                        "sends a length and chunks",
                        script("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
                Arguments.of("ends lines with LF only", script("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")),
                Arguments.of(
                        "switches protocols unasked", script("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")),
                Arguments.of("answers 500", script("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops")),
                Arguments.of("answers 429", script("HTTP/1.1 429 Slow\r\nContent-Length: 4\r\n\r\nslow")),
                Arguments.of("resets", (Script) connection -> {
                    connection.readRequest();
                    connection.rst();
                }));
    }

    private static Script script(String answer) {
        return connection -> {
            connection.readRequest();
            connection.send(answer);
            connection.fin();
            connection.readToEnd();
        };
    }

    @ParameterizedTest(name = "a provider that {0}")
    @MethodSource("faultsBeforeTheFirstByte")
    void failsOverToTheNextProviderWithTheIdenticalBody(String name, Script fault) throws Exception {
        try (ScriptedOrigin bad = ScriptedOrigin.start(fault);
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, bad.port(), good.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(good.next().nextRequest()).endsWith("\r\n\r\n" + BODY);
            assertThat(gateway.nextEnd()).satisfies(end -> {
                assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
                assertThat(end.attempts()).isEqualTo(2);
                assertThat(end.failure()).isNotNull();
            });
        }
    }

    @ParameterizedTest(name = "a provider that {0}")
    @MethodSource("faultsBeforeTheFirstByte")
    void answersAnErrorWhenNoProviderIsLeft(String name, Script fault) throws Exception {
        try (ScriptedOrigin bad = ScriptedOrigin.start(fault);
                TestGateway gateway = TestGateway.routing("gpt-4o", null, bad.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            String answer = client.readMessage();
            assertThat(answer)
                    .satisfiesAnyOf(
                            own -> assertThat(own)
                                    .startsWith("HTTP/1.1 502 ")
                                    .contains("\"type\":\"server_error\"")
                                    .doesNotContain(TestGateway.PROVIDER_TOKEN),
                            relayed ->
                                    assertThat(relayed).matches("(?s)HTTP/1.1 (500 Oops|429 Slow)\r\n.*(oops|slow)"));
            assertThat(gateway.nextEnd().attempts()).isEqualTo(1);
            assertThat(bad.connections()).hasSize(1);
        }
    }

    @Test
    void failsOverWhenAProviderRefusesConnections() throws Exception {
        try (RefusingPort refused = RefusingPort.open();
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, refused.port(), good.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(gateway.nextEnd().attempts()).isEqualTo(2);
        }
    }

    /** Traps 6 and 77: the provider closed a kept connection just as it was picked. */
    @Test
    void retriesAStaleConnectionOnceOnAFreshOneOfTheSameProvider() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(OK);
                            connection.readRequest();
                            connection.rst();
                        },
                        ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(gateway.nextEnd().attempts()).isEqualTo(1);
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(gateway.nextEnd()).satisfies(end -> {
                assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
                assertThat(end.attempts()).isEqualTo(2);
            });
            assertThat(origin.connections()).hasSize(2);
        }
    }

    /** Trap 22, over real sockets: whatever was cut, the client meets an end that its framing says is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npartial",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n"
            })
    void endsTheClientsConnectionWithinAnAnswerThatBreaksOff(String answer) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(script(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            String received = client.readToEnd();
            assertThat(received).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("\n0\r\n\r\n");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @Test
    void resetsTheClientsConnectionWhenABodyThatEndsWithTheConnectionBreaksOff() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nX: y\r\n\r\nhalf of");
                    connection.readUntil("never");
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            client.readUntil("half of");
            origin.connections().get(0).rst();
            assertThat(client.readToEnd()).isEmpty();
            assertThat(client.end()).isEqualTo(Wire.End.RST);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @Test
    void passesChunksWithExtensionsOnWithoutThem() throws Exception {
        String answer =
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n5 \r\nworld\r\n0\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 2; i++) {
                client.send(chat(BODY));
                assertThat(client.readMessage()).endsWith("\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n");
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void neverSendsAClientElsewhereWithAKeyOfOurs() throws Exception {
        String redirect = "HTTP/1.1 307 T\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n";
        try (ScriptedOrigin bad = ScriptedOrigin.start(ScriptedOrigin.answering(redirect));
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway one = TestGateway.routing("gpt-4o", null, bad.port());
                TestGateway two = TestGateway.routing("gpt-4o", null, bad.port(), good.port());
                RawClient client = RawClient.connect(one.port());
                RawClient other = RawClient.connect(two.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ").doesNotContain("evil");
            assertThat(one.nextEnd().failure()).contains("status 307");
            other.send(chat(BODY));
            assertThat(other.readMessage()).isEqualTo(OK);
        }
    }

    @Test
    void neverTellsAClientThatACredentialOfOursWasRefused() throws Exception {
        String wrong =
                "{\"error\":{\"message\":\"Incorrect API key provided: sk-pro*canary\",\"code\":\"invalid_api_key\"}}";
        String refusal = "HTTP/1.1 401 U\r\nContent-Length: " + wrong.length() + "\r\n\r\n" + wrong;
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(refusal));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 502 ")
                    .contains("\r\nx-should-retry: false\r\n")
                    .contains("\"type\":\"server_error\"")
                    .doesNotContain("canary");
            TestGateway.End end = gateway.nextEnd();
            assertThat(end.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
            assertThat(end.failure()).contains("CREDENTIAL_REFUSED", "status 401");
        }
    }

    @Test
    void givesTheClientTheBestAnswerAProviderGaveWhenNobodyAnswersBetter() throws Exception {
        String body = "{\"error\":{\"message\":\"prompt is too long\"}}";
        String tooLong = "HTTP/1.1 400 Bad Request\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (ScriptedOrigin first = ScriptedOrigin.start(ScriptedOrigin.answering(tooLong));
                RefusingPort refused = RefusingPort.open();
                TestGateway gateway = TestGateway.routing("gpt-4o", null, first.port(), refused.port());
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 2; i++) {
                client.send(chat(BODY));
                assertThat(client.readMessage()).isEqualTo(tooLong);
                assertThat(gateway.nextEnd()).satisfies(end -> {
                    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
                    assertThat(end.status()).isEqualTo(400);
                    assertThat(end.attempts()).isEqualTo(2);
                });
            }
            assertThat(first.connections()).as("the kept connection").hasSize(1);
        }
    }

    @Test
    void tellsAnEventStreamsClientInItsOwnApiBeforeItAborts() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "9\r\ndata: 1\n\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(script(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readToEnd()).contains("data: 1\n\n").contains("data: {\"error\":{");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
        }
    }

    @Test
    void passesABodyThatEndsWithTheConnectionAndEndsClean() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(script("HTTP/1.1 200 OK\r\nX: y\r\n\r\nall of it"));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readToEnd()).endsWith("\r\n\r\nall of it").contains("connection: close\r\n");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void doesNotGiveBytesAfterTheAnswerToAnybody() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(OK + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray");
                            connection.readToEnd();
                        },
                        ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(origin.connections()).hasSize(2);
        }
    }

    @Test
    void interimAnswersAreNotTheAnswer() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK);
                    connection.readToEnd();
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
        }
    }

    @Test
    void anAnswerWithoutABodyEndsWithItsHead() throws Exception {
        try (ScriptedOrigin origin =
                        ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 204 X\r\nETag: a\r\n\r\n"));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 2; i++) {
                client.send(chat(BODY));
                assertThat(client.readMessage()).isEqualTo("HTTP/1.1 204 X\r\nETag: a\r\n\r\n");
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void anHttp10ClientGetsTheBodyWithoutChunksAndTheConnectionClosed() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY).replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(client.readToEnd())
                    .endsWith("\r\n\r\nhello world")
                    .doesNotContainIgnoringCase("transfer-encoding");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
        }
    }
}
