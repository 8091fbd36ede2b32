package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.CrossOrigin;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Web pages as clients: what a browser asks before, and what it must find in answers (Fetch standard, 3.2). */
@Timeout(30)
class CrossOriginTest {

    private static final String PAGE = "https://app.example.com";

    private static final String BODY = "{\"model\":\"m\"}";

    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://provider.example.com\r\n"
                    + "Access-Control-Allow-Credentials: true\r\nx-kept: 1\r\nContent-Length: 2\r\n\r\n{}";

    private ScriptedOrigin provider;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        provider = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    @Test
    void letsAPageSendItsRequestWithTheFieldsItAskedFor() throws Exception {
        allow(PAGE);
        String answer = answer(preflight("/v1/chat/completions", PAGE)
                + "Access-Control-Request-Headers: authorization,content-type,x-stainless-os\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 204 No Content\r\n")
                .contains("\r\naccess-control-allow-origin: " + PAGE + "\r\n")
                .contains("\r\naccess-control-allow-methods: DELETE, GET, HEAD, POST\r\n")
                .contains("\r\naccess-control-allow-headers: authorization,content-type,x-stainless-os\r\n")
                .contains("\r\naccess-control-max-age: 600\r\n")
                .contains("\r\nvary: origin\r\n")
                .doesNotContain("content-length", "allow-credentials")
                .endsWith("\r\n\r\n");
        assertThat(provider.connections()).isEmpty();
    }

    @Test
    void letsAPageUseTheMethodsOfOperationsThatWereAdded() throws Exception {
        Operation added = new Operation("DELETE", "/v1/jobs/{id}", Handling.LOCAL, Body.NONE, Answers.OWN);
        start(StandardOperations.ALL.with(added), pages(PAGE));

        assertThat(answer(preflight("/v1/jobs/1", PAGE) + "\r\n"))
                .contains("\r\naccess-control-allow-methods: DELETE, GET, HEAD, POST\r\n");
    }

    @Test
    void answersOnEveryPathSoThatAPageCanReadTheErrorThere() throws Exception {
        allow(PAGE);

        assertThat(answer(preflight("/v1/nothing", PAGE) + "\r\n")).startsWith("HTTP/1.1 204 ");
        assertThat(answer("GET /v1/nothing HTTP/1.1\r\nHost: g\r\nOrigin: " + PAGE + "\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("\r\naccess-control-allow-origin: " + PAGE + "\r\n")
                .contains("\r\naccess-control-expose-headers: *\r\n");
    }

    @Test
    void refusesPagesThatAreNotListed() throws Exception {
        allow(PAGE);

        assertThat(answer(preflight("/v1/messages", "https://evil.example.com") + "\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("\r\nvary: origin\r\n")
                .doesNotContain("access-control-");
        assertThat(answer("GET / HTTP/1.1\r\nHost: g\r\nOrigin: https://app.example.com.evil.org\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("access-control-");
    }

    @Test
    void letsEveryPageInByAStar() throws Exception {
        allow("*");

        assertThat(answer(preflight("/v1/messages", "null") + "\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .contains("\r\naccess-control-allow-origin: *\r\n")
                .doesNotContain("vary: origin");
    }

    @Test
    void writesNoFieldNamesBackThatAreNone() throws Exception {
        allow("*");

        assertThat(answer(preflight("/v1/messages", PAGE) + "Access-Control-Request-Headers: a/b<script>\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .doesNotContain("access-control-allow-headers", "script");
    }

    @Test
    void tellsCachesThatAnswersDependOnThePageAlsoWhereNoPageAsked() throws Exception {
        allow(PAGE);

        assertThat(answer("GET / HTTP/1.1\r\nHost: g\r\n\r\n"))
                .contains("\r\nvary: origin\r\n")
                .doesNotContain("access-control-");
    }

    @Test
    void knowsNoPagesWithoutASetting() throws Exception {
        start(null);

        assertThat(answer(preflight("/v1/chat/completions", PAGE) + "\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .doesNotContain("access-control-", "vary");
    }

    @Test
    void leavesAnOptionsThatIsNoPreflightAlone() throws Exception {
        allow(PAGE);

        assertThat(answer("OPTIONS /v1/messages HTTP/1.1\r\nHost: g\r\nOrigin: " + PAGE + "\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nallow: POST\r\n")
                .contains("\r\naccess-control-allow-origin: " + PAGE + "\r\n");
    }

    @Test
    void tellsTheBrowserOnRelayedAnswersToo() throws Exception {
        allow(PAGE);
        String head = answer(chat("Origin: " + PAGE + "\r\n"));

        assertThat(head)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsOnlyOnce("access-control-allow-origin: " + PAGE + "\r\n")
                .contains("\r\naccess-control-expose-headers: *\r\n")
                .contains("\r\nvary: origin\r\n")
                .contains("\r\nx-kept: 1\r\n")
                .doesNotContain("provider.example.com")
                .doesNotContain("Credentials");
    }

    @Test
    void keepsWhatTheProviderSaysOfPagesWithoutASetting() throws Exception {
        start(null);

        assertThat(answer(chat("Origin: " + PAGE + "\r\n")))
                .contains("\r\nAccess-Control-Allow-Origin: https://provider.example.com\r\n")
                .contains("\r\nAccess-Control-Allow-Credentials: true\r\n")
                .doesNotContain("vary");
    }

    private static String chat(String fields) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY + "\r\n"
                + fields + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    }

    private void allow(String... origins) throws Exception {
        start(pages(origins));
    }

    private static CrossOrigin pages(String... origins) {
        return new CrossOrigin(Set.of(origins), Duration.ofMinutes(10));
    }

    private void start(CrossOrigin pages) throws Exception {
        start(StandardOperations.ALL, pages);
    }

    private void start(Operations operations, CrossOrigin pages) throws Exception {
        Snapshot plain = TestGateway.snapshot(TestGateway.routes("m", null, provider.port()));
        gateway = TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(plain.keys(), plain.routes(), operations, pages),
                exchange -> new LocalAnswer(200, "text/plain", "ok".getBytes(StandardCharsets.US_ASCII)),
                exchange -> {});
    }

    private static String preflight(String path, String origin) {
        return "OPTIONS " + path + " HTTP/1.1\r\nHost: g\r\nOrigin: " + origin
                + "\r\nAccess-Control-Request-Method: POST\r\n";
    }

    /** The head of the answer to {@code request}. */
    private String answer(String request) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request);
            return client.readUntil("\r\n\r\n");
        }
    }
}
