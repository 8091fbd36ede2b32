package io.costoptimal.gateway.server.admin;

import static io.costoptimal.gateway.server.admin.Operators.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.server.admin.Request.Head;
import io.costoptimal.gateway.server.admin.Request.Peer;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and from which page. */
@Timeout(60)
class GateTest {

    private static final String JSON = "content-type: application/json";
    private static final String KEY = "authorization: Bearer admin-key";

    private Operators operators;

    @BeforeEach
    void start() throws IOException {
        operators = new Operators(
                new Route("GET", "/alive", Route.Access.HEALTH, Threads.Kind.NONE, request -> Answer.text(200, "ok")),
                Route.get("/secret", Threads.Kind.QUICK, request -> Answer.text(200, "for " + request.key())),
                Route.post("/change", Threads.Kind.QUICK, request -> Answer.text(200, "by " + request.key())));
    }

    @AfterEach
    void stop() {
        operators.close();
    }

    @Test
    void needsAKeyOnLoopbackToo() throws IOException {
        assertThat(operators.ask("", "GET /secret"))
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\nwww-authenticate: Bearer\r\n", "\"code\":\"no_credential\"");
        assertThat(operators.ask("", "GET /secret", KEY))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("for ops");
        assertThat(operators.ask("", "GET /alive")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer client-key",
                "Bearer nobody's",
                "Bearer",
                "Basic admin-key",
                "Bearer 1ea7f7a0a4e4a5b7f0ba1e1e0ab1d8bb58a8a7b0b81a6e8a17ae1ab1c7d3ad2e",
            })
    void takesNoOtherKey(String credential) throws IOException {
        assertThat(operators.ask("", "GET /secret", "authorization: " + credential))
                .startsWith("HTTP/1.1 401 ")
                .doesNotContain("admin-key");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:8001, 200",
        "127.0.0.1:1, 200",
        "127.1.2.3, 200",
        "[::1]:8001, 200",
        "gateway.test, 200",
        "Gateway.Test:443, 200",
        "evil.test, 421",
        "evil.test:8001, 421",
        "127.0.0.1.evil.test, 421",
        "localhost.evil.test, 421",
        "gateway.test.evil.test, 421",
        "10.0.0.1, 421",
        "[::2], 421",
    })
    void answersOnlyToItsOwnNames(String host, int status) throws IOException {
        assertThat(status(operators.ask("", "GET /secret", "host: " + host, KEY)))
                .isEqualTo(status);
        assertThat(status(operators.ask("", "GET /nowhere", "host: " + host, KEY)))
                .isEqualTo(status == 200 ? 404 : status);
        assertThat(status(operators.ask("", "GET /alive", "host: " + host))).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "[2001:db8::1], true",
        "[2001:DB8:0::1]:8001, true",
        "[2001:db8:0:0:0:0:0:1], true",
        "[2001:db8::2], false",
        "[2001:db8::3], true",
        "[::ffff:2001], false",
        "[2001:db8::1, false",
        "[], false",
    })
    void answersToTheAddressItIsReachedAtHoweverThatIsWritten(String host, boolean own) {
        Gate gate = new Gate(Set.of("2001:db8:0:0::3"), () -> AdminKeys.of(List.of()), null, null);
        HttpHeaders headers = new DefaultHttpHeaders().set("host", host);
        Head head = new Head("GET", "/", Map.of(), headers, new Peer("2001:db8:0:0:0:0:0:9", "2001:db8::1", false));

        if (own) {
            assertThatCode(() -> gate.checkHost(head)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> gate.checkHost(head)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void takesNoTwoHosts() throws IOException {
        assertThat(status(operators.ask("", "GET /secret", "host: localhost", "host: evil.test", KEY)))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "Application/JSON; charset=utf-8, 200",
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "multipart/form-data, 415",
        "application/jsonp, 415",
    })
    void takesJsonAlone(String type, int status) throws IOException {
        assertThat(status(operators.ask("{}", "POST /change", "content-type: " + type, KEY)))
                .isEqualTo(status);
        assertThat(status(operators.ask("{}", "POST /change", KEY))).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8001, http://localhost:8001, 200",
        "localhost:8001, https://localhost:8001, 200",
        "localhost:8001, https://gateway.test, 200",
        "localhost:8001, http://localhost:3000, 403",
        "localhost:8001, http://localhost, 403",
        "localhost:8001, http://evil.test, 403",
        "localhost:8001, null, 403",
        "localhost:8001, ftp://localhost:8001, 403",
        "localhost:8001, http://localhost:8001@evil.test, 403",
        "localhost:8001, 'http://localhost:8001 ', 200",
        "localhost:8001, ::, 403",
    })
    void takesChangesFromItsOwnPagesAlone(String host, String origin, int status) throws IOException {
        String[] change = {"POST /change", "host: " + host, "origin: " + origin, JSON, KEY};
        assertThat(status(operators.ask("{}", change))).isEqualTo(status);
        String[] login = {"POST /login", "host: " + host, "origin: " + origin, JSON};
        assertThat(status(operators.ask("{\"key\":\"admin-key\"}", login))).isEqualTo(status);
    }

    @Test
    void aBrowserLogsInAndOut() throws IOException {
        String login = operators.ask("{\"key\": \"admin-key\"}", "POST /login", JSON);
        assertThat(login)
                .startsWith("HTTP/1.1 200 ")
                .containsPattern("\r\nset-cookie: session=[0-9a-f]{32}; Path=/; Max-Age=43200; HttpOnly;"
                        + " SameSite=Strict\r\n")
                .endsWith("{\"key\":\"ops\"}\n");
        String cookie = cookie(login);

        assertThat(operators.ask("", "GET /secret", cookie)).endsWith("for ops");
        assertThat(operators.ask("", "GET /session", "cookie: a=b; session=stale; " + cookie.substring(8)))
                .endsWith("{\"key\":\"ops\"}\n");
        assertThat(status(operators.ask("{}", "POST /change", JSON, cookie))).isEqualTo(200);

        assertThat(operators.ask("{}", "POST /logout", JSON, cookie))
                .startsWith("HTTP/1.1 204 ")
                .contains("\r\nset-cookie: session=; Path=/; Max-Age=0;");
        assertThat(status(operators.ask("", "GET /secret", cookie))).isEqualTo(401);
    }

    @Test
    void aSessionIsNotSentInTheClearAfterItWasBegunByTls() throws IOException {
        assertThat(operators.ask("{\"key\": \"admin-key\"}", "POST /login", JSON, "origin: https://gateway.test"))
                .contains("; SameSite=Strict; Secure\r\n");
    }

    @Test
    void aCredentialThatIsWrongIsNotMadeUpForByASession() throws IOException {
        String cookie = cookie(operators.ask("{\"key\": \"admin-key\"}", "POST /login", JSON));

        assertThat(status(operators.ask("", "GET /secret", cookie, "authorization: Bearer wrong")))
                .isEqualTo(401);
    }

    @Test
    void aSessionEndsAfterTwelveHours() throws IOException {
        String cookie = cookie(operators.ask("{\"key\": \"admin-key\"}", "POST /login", JSON));

        operators.time.addAndGet(Duration.ofHours(12).minusNanos(1).toNanos());
        assertThat(status(operators.ask("", "GET /secret", cookie))).isEqualTo(200);
        operators.time.incrementAndGet();
        assertThat(status(operators.ask("", "GET /secret", cookie))).isEqualTo(401);
    }

    @Test
    void aSessionEndsWithItsKey() throws IOException {
        String cookie = cookie(operators.ask("{\"key\": \"admin-key\"}", "POST /login", JSON));

        operators.keys(Operators.TEAM);
        assertThat(status(operators.ask("", "GET /secret", cookie))).isEqualTo(401);
        operators.keys(Operators.OPS);
        assertThat(status(operators.ask("", "GET /secret", cookie))).isEqualTo(401);
        assertThat(status(operators.ask("", "GET /secret", KEY))).isEqualTo(200);
    }

    @Test
    void whoeverGuessesIsNotListenedToForAWhile() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(status(operators.ask("{\"key\": \"guess\"}", "POST /login", JSON)))
                    .isEqualTo(401);
            assertThat(status(operators.ask("", "GET /secret", "authorization: Bearer guess")))
                    .isEqualTo(401);
        }
        String cookie = "cookie: session=0123456789abcdef0123456789abcdef";

        assertThat(operators.ask("{\"key\": \"admin-key\"}", "POST /login", JSON))
                .startsWith("HTTP/1.1 429 ")
                .contains("\r\nretry-after: 60\r\n");
        assertThat(status(operators.ask("", "GET /secret", KEY))).isEqualTo(429);
        assertThat(status(operators.ask("", "GET /secret", cookie))).isEqualTo(401);
        assertThat(status(operators.ask("", "GET /alive"))).isEqualTo(200);

        operators.time.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(status(operators.ask("", "GET /secret", KEY))).isEqualTo(200);
        assertThat(status(operators.ask("", "GET /secret", "authorization: Bearer guess")))
                .isEqualTo(401);
        assertThat(status(operators.ask("", "GET /secret", KEY))).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                       | invalid_parameter
            {"key": 5}               | invalid_parameter
            {"key": null}            | invalid_parameter
            {"key": "a", "more": 1}  | invalid_parameter
            {"key": "a", "key": "b"} | invalid_parameter
            ["admin-key"]            | invalid_json
            {"key": "a"} {}          | invalid_json
            {"key": "admin-key"      | invalid_json
            """)
    void aLoginIsOneKey(String body, String code) throws IOException {
        assertThat(operators.ask(body, "POST /login", JSON))
                .startsWith("HTTP/1.1 400 ")
                .contains("{\"error\":{\"code\":\"" + code + "\"");
    }

    @Test
    void everyAnswerKeepsBrowsersFromUsingItAsAnythingElse() throws IOException {
        for (String path : new String[] {"/secret", "/nowhere", "/alive"}) {
            assertThat(operators.ask("", "GET " + path, KEY))
                    .contains(
                            "\r\ncache-control: no-store\r\n",
                            "\r\nx-content-type-options: nosniff\r\n",
                            "\r\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'\r\n",
                            "\r\nx-frame-options: DENY\r\n",
                            "\r\nreferrer-policy: no-referrer\r\n",
                            "\r\ncross-origin-resource-policy: same-origin\r\n");
        }
    }

    private static String cookie(String login) {
        return login.replaceAll("(?s).*\r\nset-(cookie: session=[0-9a-f]{32});.*", "$1");
    }
}
