package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RefusingPort;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TestGateway.End;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose bodies go on to the provider while they arrive, over real sockets. */
@Timeout(60)
class PassedBodiesTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final long LIMIT = 1_000_000;

    private static final Operation FORM = operation("/v1/forms-of-tests", Operation.Body.FORM);
    private static final Operation STREAMED = operation("/v1/streams-of-tests", Operation.Body.STREAMED);

    private static final String DELIMITER = "--B0\r\nContent-Disposition: form-data; ";
    private static final String MODEL = DELIMITER + "name=\"model\"\r\n\r\nm\r\n";
    private static final String FILE =
            DELIMITER + "name=\"file\"; filename=\"f\"\r\n\r\n" + "\0\r\n--\u00ff".repeat(20_000) + "\r\n";
    private static final String END = "--B0--\r\n";

    static Operation operation(String path, Operation.Body body) {
        return new Operation("POST", path, Operation.Handling.PROXIED, body, StandardOperations.EMBEDDINGS.answers());
    }

    private static String head(Operation operation, String... fields) {
        return "POST " + operation.path() + "?x=%2F HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                + "\r\nContent-Type: multipart/form-data; boundary=B0\r\n"
                + String.join(
                        "", Arrays.stream(fields).map(field -> field + "\r\n").toList())
                + "\r\n";
    }

    private static String request(Operation operation, String body) {
        return head(operation, "Content-Length: " + body.length()) + body;
    }

    private static TestGateway start(String sent, int... ports) throws IOException {
        Candidate[] candidates = Arrays.stream(ports)
                .mapToObj(port -> new Candidate(TestGateway.provider(port), sent))
                .toArray(Candidate[]::new);
        Limits d = Limits.DEFAULTS;
        Limits.Body body = new Limits.Body(
                d.body().bytes(), d.body().heldBytes(), d.body().jsonDepth(), new Limits.Upload(LIMIT, 300_000));
        RouteTable routes = new RouteTable(
                Map.of(),
                List.of(new ModelRoutes("m", List.of(candidates), List.of(), null)),
                TestGateway.provider(ports[0]),
                RetryOn.ALL);
        Principal owner = new Principal("test", Principal.Role.CLIENT);
        return TestGateway.start(
                GatewaySettings.defaults()
                        .withEventLoops(1)
                        .withLimits(new Limits(d.head(), body, d.client(), d.upstream())),
                new Snapshot(
                        KeyRing.of(List.of(KeyEntry.of(TestGateway.KEY, owner))),
                        new Router(routes),
                        StandardOperations.ALL.with(FORM).with(STREAMED),
                        null),
                exchange -> new LocalAnswer(200, "text/plain", new byte[0]),
                exchange -> {});
    }

    private static String bodyOf(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void passesAFormUntouchedWhereverItsModelStands() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            for (String form : List.of(MODEL + FILE + END, FILE + MODEL + END, MODEL + END)) {
                client.send(request(FORM, form));
                assertThat(client.readMessage()).isEqualTo(OK);
                String received = origin.connections().get(0).nextRequest();
                assertThat(received)
                        .startsWith("POST /v1/forms-of-tests?x=%2F HTTP/1.1\r\n")
                        .contains("\r\nContent-Length: " + form.length() + "\r\n")
                        .contains("\r\nContent-Type: multipart/form-data; boundary=B0\r\n");
                assertThat(bodyOf(received).equals(form)).isTrue();
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void replacesTheModelOfAFormAndNothingElse() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start("another/name", origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            String long1 = MODEL.replace("\r\n\r\n", "\r\nContent-Length: 1\r\nX: y\r\n\r\n");
            String renamed = MODEL.replace("\r\n\r\nm", "\r\n\r\nanother/name");
            for (String form : List.of(MODEL + FILE + END, FILE + MODEL + END, FILE + long1 + END)) {
                client.send(request(FORM, form));
                assertThat(client.readMessage()).isEqualTo(OK);
                String received = origin.connections().get(0).nextRequest();
                String expected = form.replace(long1, renamed).replace(MODEL, renamed);
                assertThat(received).contains("\r\nContent-Length: " + expected.length() + "\r\n");
                assertThat(bodyOf(received).equals(expected)).isTrue();
            }
        }
    }

    /** Azure's SDKs leave it out where the path has it. */
    @Test
    void putsTheModelIntoAFormThatHasNone() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(FORM, FILE + END).replace("/v1/", "/openai/deployments/m/"));
            assertThat(client.readMessage()).isEqualTo(OK);
            String received = origin.next().nextRequest();
            assertThat(received).startsWith("POST /v1/forms-of-tests?x=%2F HTTP/1.1\r\n");
            assertThat(bodyOf(received).equals(MODEL + FILE + END)).isTrue();
        }
    }

    @Test
    void passesChunksAsChunks() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            String form = MODEL + FILE + END;
            StringBuilder chunks = new StringBuilder();
            for (int from = 0; from < form.length(); from += 1000) {
                String chunk = form.substring(from, Math.min(form.length(), from + 1000));
                chunks.append(Integer.toHexString(chunk.length()))
                        .append("\r\n")
                        .append(chunk)
                        .append("\r\n");
            }
            client.send(head(FORM, "Transfer-Encoding: chunked") + chunks + "0\r\n\r\n");
            assertThat(client.readMessage()).isEqualTo(OK);
            String received = origin.next().nextRequest();
            assertThat(received)
                    .containsIgnoringCase("\r\ntransfer-encoding: chunked\r\n")
                    .doesNotContainIgnoringCase("\r\nContent-Length: 1");
            assertThat(payload(bodyOf(received)).equals(form)).isTrue();
        }
    }

    private static String payload(String chunks) {
        StringBuilder payload = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                assertThat(chunks.substring(line)).isEqualTo("\r\n\r\n");
                return payload.toString();
            }
            payload.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }

    /** The provider has a part of the body while the client still has the rest. */
    @Test
    void sendsWhatHasComeBeforeTheRestHas() throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("first half");
                    come.countDown();
                    connection.readUntil("second half");
                    connection.send(OK);
                    connection.readToEnd();
                });
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(STREAMED, "Content-Length: 21") + "first half");
            come.await();
            client.send("second half");
            assertThat(client.readMessage()).isEqualTo(OK);
        }
    }

    @Test
    void passesAPackedBodyThatNobodyLooksIntoAsItIs() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(STREAMED, "Content-Encoding: br", "Content-Digest: x", "Content-Length: 3") + "\1\2\3");
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(origin.next().nextRequest())
                    .contains("\r\nContent-Encoding: br\r\n", "\r\nContent-Digest: x\r\n")
                    .endsWith("\r\n\r\n\1\2\3");
        }
    }

    @Test
    void asksAnotherProviderWhileTheBodyIsStillWholeInItsWindow() throws Exception {
        String form = MODEL + FILE + END;
        CountDownLatch tried = new CountDownLatch(1);
        try (ScriptedOrigin bad = ScriptedOrigin.start(connection -> {
                    connection.readUntil("\0\r\n--");
                    connection.rst();
                    tried.countDown();
                });
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, bad.port(), good.port());
                RawClient client = RawClient.connect(gateway.port())) {
            String request = request(FORM, form);
            client.send(request.substring(0, request.length() / 2));
            tried.await();
            client.send(request.substring(request.length() / 2));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(bodyOf(good.next().nextRequest()).equals(form)).isTrue();
            assertThat(gateway.nextEnd().attempts()).isEqualTo(2);
        }
    }

    @Test
    void asksNobodyElseOnceMoreThanTheWindowWasSent() throws Exception {
        try (ScriptedOrigin bad = ScriptedOrigin.start(connection -> {
                    connection.drain(400_000);
                    connection.rst();
                });
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, bad.port(), good.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(FORM, "Content-Length: 900000")
                    + MODEL
                    + FILE.repeat(4).substring(0, 450_000));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ").contains("\r\nconnection: close\r\n");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
            assertThat(good.connections()).isEmpty();
        }
    }

    @Test
    void asksTheClientForTheBodyOnceAProviderIsConnected() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(STREAMED, "Content-Length: 3", "Expect: 100-continue"));
            assertThat(client.readMessage()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("abc");
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(origin.next().nextRequest())
                    .doesNotContainIgnoringCase("expect")
                    .endsWith("\r\n\r\nabc");
        }
    }

    @Test
    void asksForNoBodyThatNobodyCanBeSent() throws Exception {
        try (RefusingPort nobody = RefusingPort.open();
                TestGateway gateway = start(null, nobody.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(STREAMED, "Content-Length: 3", "Expect: 100-continue"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void takesExactlyTheLimit() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(null, origin.port())) {
            String chunk = "f4240\r\n" + "x".repeat((int) LIMIT) + "\r\n";
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(head(STREAMED, "Transfer-Encoding: chunked") + chunk + "0\r\n\r\n");
                assertThat(client.readMessage()).isEqualTo(OK);
                client.send(head(STREAMED, "Content-Length: " + LIMIT) + "x".repeat((int) LIMIT));
                assertThat(client.readMessage()).isEqualTo(OK);
                client.send(head(STREAMED, "Content-Length: " + (LIMIT + 1)));
                assertThat(client.readMessage()).startsWith("HTTP/1.1 413 ");
            }
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(head(STREAMED, "Transfer-Encoding: chunked") + chunk + "1\r\nx\r\n0\r\n\r\n");
                assertThat(client.readMessage()).startsWith("HTTP/1.1 413 ");
            }
        }
    }

    /** The provider never has the end of it, in either framing. */
    @Test
    void cutsAFormOffThatNamesASecondModel() throws Exception {
        String form = MODEL + FILE + MODEL + END;
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                TestGateway gateway = start(null, origin.port())) {
            String chunked = Integer.toHexString(form.length()) + "\r\n" + form + "\r\n0\r\n\r\n";
            for (String request : List.of(request(FORM, form), head(FORM, "Transfer-Encoding: chunked") + chunked)) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.send(request);
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ").contains("it names its model twice");
                    assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
                    ScriptedOrigin.Connection provider = origin.next();
                    provider.awaitFinished();
                    assertThat(provider.received()).doesNotContain("--B0--", "\r\n0\r\n\r\n");
                }
            }
        }
    }

    @Test
    void relaysAnEarlyRefusalAndReadsNoMore() throws Exception {
        String refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nbig!";
        CountDownLatch read = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("\r\n\r\n");
                    connection.send(refusal);
                    connection.await(read);
                });
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(STREAMED, "Content-Length: 900000") + "x".repeat(1000));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 413 Too Large\r\n")
                    .contains("onnection: close\r\n")
                    .endsWith("big!");
            End end = gateway.nextEnd();
            assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(end.status()).isEqualTo(413);
            read.countDown();
        }
    }

    @Test
    void leavesTheProviderWhenTheClientLeaves() throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("abc");
                    come.countDown();
                    connection.readToEnd();
                });
                TestGateway gateway = start(null, origin.port())) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(head(STREAMED, "Content-Length: 900000") + "abc");
                come.await();
            }
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            origin.next().awaitFinished();
        }
    }

    @Test
    void refusesAChunkThatIsNoneAndCutsTheProviderOff() throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("abc");
                    come.countDown();
                    connection.readToEnd();
                });
                TestGateway gateway = start(null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head(STREAMED, "Transfer-Encoding: chunked") + "3\r\nabc\r\n");
            come.await();
            client.send("zz\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 400 ");
            ScriptedOrigin.Connection provider = origin.next();
            provider.awaitFinished();
            assertThat(provider.received()).endsWith("\r\n\r\n3\r\nabc\r\n");
        }
    }

    /** The gateway ends it, not the client, which is still there and learns that the answer is not whole. */
    @Test
    void aBodyThatGoesWrongAfterTheAnswerHasBegunBreaksTheAnswerOff() throws Exception {
        String wrong = "zz\r\n";
        String tooLong = Integer.toHexString((int) LIMIT) + "\r\n" + "x".repeat((int) LIMIT) + "\r\n";
        for (String rest : List.of(wrong, tooLong)) {
            try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                        connection.readUntil("abc");
                        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n");
                        connection.readToEnd();
                    });
                    TestGateway gateway = start(null, origin.port());
                    RawClient client = RawClient.connect(gateway.port())) {
                client.send(head(STREAMED, "Transfer-Encoding: chunked") + "3\r\nabc\r\n");
                assertThat(client.readUntil("begin")).startsWith("HTTP/1.1 200 OK\r\n");
                client.send(rest);
                assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
                assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
            }
        }
    }
}
