package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad requests get an error in the API's own shape, no provider sees them, and the next request is served. */
class BadInputTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GOOD = "{\"model\":\"gpt-4o\"}";
    private static final int BODY_LIMIT = 64 * 1024;

    private ScriptedOrigin origin;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
        Limits d = Limits.DEFAULTS;
        Limits limits =
                new Limits(d.head(), new Limits.Body(BODY_LIMIT, d.body().heldBytes(), 100), d.client(), d.upstream());
        gateway = TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1).withLimits(limits),
                TestGateway.routes("gpt-4o", null, origin.port()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("", 400),
                Arguments.of("   ", 400),
                Arguments.of("{}", 400),
                Arguments.of("[]", 400),
                Arguments.of("\"model\"", 400),
                Arguments.of("null", 400),
                Arguments.of("{\"messages\":[]}", 400),
                Arguments.of("{\"model\":null}", 400),
                Arguments.of("{\"model\":7}", 400),
                Arguments.of("{\"model\":[\"gpt-4o\"]}", 400),
                Arguments.of("{\"model\":\"\"}", 400),
                Arguments.of("{\"a\":{\"model\":\"gpt-4o\"}}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"model\":\"gpt-4o\"}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"mod\\u0065l\":\"other\"}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"stream\":true,\"stream\":false}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",}", 400),
                Arguments.of("{\"model\":\"gpt-4o\"", 400),
                Arguments.of("{\"model\":\"gpt-4o\"}{}", 400),
                Arguments.of("{\"model\":\"gpt-4o\"} x", 400),
                Arguments.of("{'model':'gpt-4o'}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"n\":01}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"n\":NaN}", 400),
                Arguments.of("\u00ef\u00bb\u00bf{\"model\":\"gpt-4o\"}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"x\":\"\u00c1\u00a5\"}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"x\":\"\u00ff\"}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"x\":" + "[".repeat(101) + "]".repeat(101) + "}", 400),
                Arguments.of("{\"model\":\"gpt-4o\",\"x\":" + "[".repeat(50_000), 400),
                Arguments.of("{\"model\":\"gpt-5-unheard-of\"}", 404),
                Arguments.of("{\"model\":\"gpt-4o\",\"x\":\"" + "a".repeat(BODY_LIMIT) + "\"}", 413));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesABodyItDoesNotUnderstand(String body, int status) throws Exception {
        refused(openAi("Content-Length: " + body.length() + "\r\n\r\n" + body), status, "\"error\":{\"message\":");
        refused(
                anthropic("Content-Length: " + body.length() + "\r\n\r\n" + body),
                status,
                "{\"type\":\"error\",\"error\":{");
    }

    @Test
    void refusesAChunkedBodyOverTheLimitMidway() throws Exception {
        String chunk = "1000\r\n" + " ".repeat(4096) + "\r\n";
        refused(openAi("Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17)), 413, "\"error\"");
    }

    @Test
    void refusesALengthOverTheLimitBeforeTheBodyIsSent() throws Exception {
        refused(openAi("Content-Length: 1000000000\r\n\r\n"), 413, "\"error\"");
        refused(openAi("Expect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n"), 413, "\"error\"");
    }

    static Stream<Arguments> heads() {
        String body = "\r\n\r\n" + GOOD;
        String length = "Content-Length: " + GOOD.length();
        return Stream.of(
                Arguments.of(length + "\r\nContent-Encoding: gzip" + body, 400),
                Arguments.of(length + "\r\nContent-Encoding: deflate" + body, 400),
                Arguments.of(length + "\r\nContent-Encoding: zstd" + body, 400),
                Arguments.of(length + "\r\nContent-Encoding: gzip, gzip" + body, 415),
                Arguments.of(length + "\r\nContent-Encoding: br" + body, 415),
                Arguments.of(length + "\r\nContent-Type: application/json; charset=utf-16" + body, 415),
                Arguments.of(length + "\r\nContent-Type: multipart/form-data; boundary=x" + body, 415),
                Arguments.of(length + "\r\nTransfer-Encoding: chunked" + body, 400),
                Arguments.of(length + "\r\n" + length + body, 400),
                Arguments.of("Content-Length: +5" + body, 400),
                Arguments.of("Transfer-Encoding: chunked, gzip" + body, 400),
                Arguments.of("Transfer-Encoding: xchunked" + body, 400),
                Arguments.of(length + "\r\nHost: other" + body, 400),
                Arguments.of(length + "\r\nX-A: b\r\n folded" + body, 400),
                Arguments.of(length + "\r\nX-A : b" + body, 400),
                Arguments.of(length + "\r\nExpect: 200-ok" + body, 417),
                Arguments.of(length + "\r\nX-A: " + "b".repeat(20_000) + body, 431),
                Arguments.of(length + "\r\n" + "a: b\r\n".repeat(200) + "c: d" + body, 431),
                Arguments.of("X-No-Length: 1" + body, 411));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void refusesAHeadItDoesNotTrust(String fieldsAndBody, int status) throws Exception {
        refused(openAi(fieldsAndBody), status, "\"error\"");
    }

    static Stream<Arguments> credentials() {
        String key = TestGateway.KEY;
        return Stream.of(
                Arguments.of(""),
                Arguments.of("Authorization: Bearer wrong\r\n"),
                Arguments.of("Authorization: Bearer\r\n"),
                Arguments.of("Authorization: Basic " + key + "\r\n"),
                Arguments.of("x-api-key: wrong\r\n"),
                Arguments.of("api-key: \r\n"),
                Arguments.of("Authorization: Bearer wrong\r\nx-api-key: other\r\n"),
                Arguments.of("x-api-key: wrong\r\nx-gateway-key: Bearer " + key + "\r\n"),
                Arguments.of("Authorization: Bearer ' OR '1'='1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("credentials")
    void refusesAWrongKeyBeforeReadingTheBody(String credential) throws Exception {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\n" + credential;
        refused(head + "Content-Length: 60000\r\n\r\n", 401, "\"type\":\"invalid_request_error\"");
        refused(head + "Expect: 100-continue\r\nContent-Length: 60000\r\n\r\n", 401, "\"error\"");
        refused(
                head.replace("chat/completions", "messages") + "Content-Length: 60000\r\n\r\n",
                401,
                "\"type\":\"authentication_error\"");
    }

    /** Traps 37 and 39. */
    @Test
    void aRefusalCanBeReadByAClientThatIsStillSending() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Length: 100000\r\n\r\n");
            String smuggled = chat(GOOD);
            client.send((smuggled + " ".repeat(100_000)).substring(0, 100_000));
            String answer = client.readToEnd();
            assertThat(answer).startsWith("HTTP/1.1 401 ").containsOnlyOnce("HTTP/1.1");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
        }
        assertThat(origin.connections()).isEmpty();
    }

    @Test
    void threeGoodRequestsABadOneAndAnotherGoodOneInOneWrite() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(GOOD).repeat(3) + "GARBAGE\r\n\r\n" + chat(GOOD));
            String answers = client.readToEnd();
            assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
            assertThat(answers.substring(answers.lastIndexOf("HTTP/1.1"))).startsWith("HTTP/1.1 400 ");
        }
        assertThat(origin.connections()).hasSize(1);
    }

    @Test
    void continuesOnlyWhoMayComeIn() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            String request = chat(GOOD).replace("Content-Length", "Expect: 100-continue\r\nContent-Length");
            client.send(request.substring(0, request.length() - GOOD.length()));
            assertThat(client.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send(GOOD);
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(origin.next().nextRequest()).doesNotContainIgnoringCase("expect:");
        }
    }

    @Test
    void dropsTheTrailersOfARequest() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(openAi("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + Integer.toHexString(GOOD.length()) + "\r\n" + GOOD + "\r\n0\r\nX-Sum: abc\r\n\r\n"));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(origin.next().nextRequest())
                    .doesNotContainIgnoringCase("x-sum")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .containsIgnoringCase("\r\ncontent-length: " + GOOD.length() + "\r\n")
                    .endsWith("\r\n\r\n" + GOOD);
        }
    }

    @Test
    void tellsCurlWhichContentTypeToSet() throws Exception {
        for (String refused : new String[] {
            openAi("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{}"),
            anthropic("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{}")
        }) {
            refused(refused, 415, "set `Content-Type: application/json`");
        }
    }

    @Test
    void refusesAWebSocketSoThatTheClientUsesHttpAtOnce() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /v1/responses HTTP/1.1\r\nHost: g\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
                    .containsIgnoringCase("\r\nupgrade: HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nconnection: upgrade\r\n")
                    .containsIgnoringCase("\r\nx-should-retry: false\r\n");
        }
    }

    @Test
    void unknownPathsAndMethodsAreAnsweredBeforeTheKey() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /v1/nothing HTTP/1.1\r\nHost: g\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
            client.send("GET /v1/embeddings HTTP/1.1\r\nHost: g\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ").containsIgnoringCase("\r\nallow: POST\r\n");
        }
    }

    private void refused(String request, int status, String shape) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request);
            String answer = client.readMessage();
            assertThat(answer)
                    .as(request.substring(0, Math.min(300, request.length())))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains(shape)
                    .containsIgnoringCase("\r\nx-should-retry: false\r\n");
            assertThat(client.requestId()).isNotNull();
        }
        assertThat(origin.connections()).isEmpty();
        try (RawClient next = RawClient.connect(gateway.port())) {
            next.send("GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n");
            assertThat(next.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String openAi(String fieldsAndBody) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY + "\r\n"
                + fieldsAndBody;
    }

    private static String anthropic(String fieldsAndBody) {
        return "POST /v1/messages HTTP/1.1\r\nHost: g\r\nx-api-key: " + TestGateway.KEY + "\r\n" + fieldsAndBody;
    }
}
