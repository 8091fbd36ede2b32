package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of both connections, and of the figures, when a form is sent on while it arrives. */
@Timeout(60)
class UploadConnectionsTest {

    private static final String PATH = "/v1/audio/transcriptions";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String DELTA = "data: {\"type\":\"transcript.text.delta\",\"delta\":\"hi\"}\n\n";
    private static final String DONE =
            "data: {\"type\":\"transcript.text.done\",\"text\":\"hi\",\"usage\":{\"type\":\"tokens\","
                    + "\"input_tokens\":14,\"output_tokens\":3,\"total_tokens\":17}}\n\n";
    private static final String MODEL = "--B0\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-4o\r\n";
    private static final String STREAM = "--B0\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n";
    private static final String FILE =
            "--B0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nabc";
    private static final String END = "\r\n--B0--\r\n";
    private static final String FORM = MODEL + STREAM + FILE + END;

    private final BlockingQueue<Usage> usages = new LinkedBlockingQueue<>();

    private TestGateway start(Timeouts timeouts, ScriptedOrigin origin) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return TestGateway.start(
                List.of(Listener.at(any).withHttp2()),
                GatewaySettings.defaults().withEventLoops(1).withTimeouts(timeouts),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port())),
                exchange -> new LocalAnswer(200, "text/plain", new byte[0]),
                exchange -> {
                    if (exchange.usage() != null) {
                        usages.add(exchange.usage());
                    }
                });
    }

    private static String head(String framing) {
        return "POST " + PATH + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                + "\r\nContent-Type: multipart/form-data; boundary=B0\r\n" + framing + "\r\n\r\n";
    }

    private static String request() {
        return head("Content-Length: " + FORM.length()) + FORM;
    }

    private static String chunk(String payload) {
        return Integer.toHexString(payload.length()) + "\r\n" + payload + "\r\n";
    }

    @Test
    void requestsBehindAnUploadAreServedOnTheSameConnections() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(Timeouts.DEFAULTS, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            String chunked = head("Transfer-Encoding: chunked") + chunk(FORM) + "0\r\n\r\n";
            client.send(request() + chunked + TestGateway.chat("{\"model\":\"gpt-4o\"}"));
            for (int i = 0; i < 3; i++) {
                assertThat(client.readMessage()).isEqualTo(OK);
            }
            ScriptedOrigin.Connection provider = origin.next();
            assertThat(provider.nextRequest()).endsWith(FORM);
            assertThat(provider.nextRequest()).contains(FORM);
            assertThat(provider.nextRequest()).startsWith("POST /v1/chat/completions ");
        }
    }

    /** The rest of the request might be taken for the next one. */
    @Test
    void anAnswerThatEndsBeforeTheRequestIsTheLastOnBothConnections() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("abc");
                    connection.send(OK);
                    connection.readToEnd();
                });
                TestGateway gateway = start(Timeouts.DEFAULTS, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("Content-Length: 900000") + MODEL + FILE);
            assertThat(client.readMessage())
                    .containsIgnoringCase("\r\nconnection: close\r\n")
                    .endsWith("ok");
            assertThat(client.readToEnd()).isEmpty();
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            origin.next().awaitFinished();
        }
    }

    @Test
    void aClientThatFallsSilentInItsBodyIsToldSoAndItsProviderIsLeft() throws Exception {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts.Client c = d.client();
        Timeouts soon = new Timeouts(
                new Timeouts.Client(c.head(), Duration.ofMillis(200), c.keepAlive(), c.writeStall(), c.linger()),
                d.upstream(),
                d.pool());
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                TestGateway gateway = start(soon, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("Transfer-Encoding: chunked") + chunk(MODEL + FILE));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("{\"error\":{")
                    .containsIgnoringCase("\r\nconnection: close\r\n");
            ScriptedOrigin.Connection provider = origin.next();
            provider.awaitFinished();
            assertThat(provider.received()).endsWith("abc\r\n");
        }
    }

    @Test
    void aFormThatAsksForEventsGetsThemAndTheirUsageCounts() throws Exception {
        String answer = EVENTS + chunk(DELTA) + chunk(DONE) + "0\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = start(Timeouts.DEFAULTS, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request());
            assertThat(client.readMessage()).isEqualTo(answer);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            Usage usage = usages.poll(20, TimeUnit.SECONDS);
            assertThat(usage).isNotNull();
            assertThat(usage.input().uncached()).isEqualTo(14);
            assertThat(usage.output().tokens()).isEqualTo(3);
        }
    }

    @Test
    void eventsThatBreakOffNeverLookWhole() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(EVENTS + chunk(DELTA));
                });
                TestGateway gateway = start(Timeouts.DEFAULTS, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request());
            assertThat(client.readToEnd()).contains(DELTA, "data: {\"error\":{").doesNotContain("\r\n0\r\n\r\n");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    /** Frames say where the body ends; towards the provider, chunks do. */
    @Test
    void anUploadByHttp2WithoutALengthIsSentOnInChunks() throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("abc");
                    come.countDown();
                    connection.readUntil("\r\n0\r\n\r\n");
                    connection.send(OK);
                    connection.readToEnd();
                });
                TestGateway gateway = start(Timeouts.DEFAULTS, origin);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, fields());
            client.data(1, false, MODEL + FILE);
            come.await();
            client.data(1, true, END);
            RawHttp2Client.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.ended()).isTrue();
            assertThat(origin.next().received())
                    .containsIgnoringCase("\r\ntransfer-encoding: chunked\r\n")
                    .doesNotContainIgnoringCase("\r\ncontent-length: ")
                    .endsWith(chunk(END) + "0\r\n\r\n");
        }
    }

    @Test
    void anUploadByHttp2ThatIsResetNeverLooksWhole() throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("abc");
                    come.countDown();
                    connection.readToEnd();
                });
                TestGateway gateway = start(Timeouts.DEFAULTS, origin);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, fields());
            client.data(1, false, MODEL + FILE);
            come.await();
            client.reset(1, 8);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            ScriptedOrigin.Connection provider = origin.next();
            provider.awaitFinished();
            assertThat(provider.received()).endsWith("abc\r\n");
        }
    }

    private static String[] fields() {
        return new String[] {
            ":method",
            "POST",
            ":scheme",
            "http",
            ":authority",
            "g",
            ":path",
            PATH,
            "authorization",
            "Bearer " + TestGateway.KEY,
            "content-type",
            "multipart/form-data; boundary=B0"
        };
    }
}
