package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each status of the gateway's own tells a client: whether its connection stays, and whether to try again. */
class RefusalsTest {

    private static final String GET = "GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n";

    /** The last column is the wait that the answer names. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        400 | closes | never
        401 | closes | never
        402 | stays  | never
        403 | stays  | never
        404 | stays  | never
        405 | stays  | never
        408 | closes | again
        409 | stays  | never
        411 | closes | never
        413 | closes | never
        414 | closes | never
        415 | closes | never
        417 | closes | never
        421 | closes | never
        422 | stays  | never
        426 | closes | never
        429 | stays  | again
        431 | closes | never
        500 | stays  | never
        501 | stays  | never
        502 | stays  | again
        503 | stays  | again
        504 | stays  | again
        505 | stays  | never
        529 | stays  | again
        """)
    void eachStatusSaysWhatClosesAndWhatMayBeRetried(int status, String connection, String retry) throws Exception {
        String answer = answerTo(Rejection.of(status, null, "no"));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer.contains("\r\nconnection: close\r\n")).isEqualTo(connection.equals("closes"));
        assertThat(answer.contains("\r\nx-should-retry: false\r\n")).isEqualTo(retry.equals("never"));
        String row = Files.readString(Path.of("../docs/operations.md"))
                .lines()
                .filter(line -> line.matches("\\|[^|]*\\b" + status + "\\b[^|]*\\| (closes|stays) \\|.*"))
                .findFirst()
                .orElse("no row for " + status);
        assertThat(row).contains("| " + connection + " | " + (retry.equals("again") ? "yes" : "no"));
    }

    @Test
    void anExtensionsRateLimitKeepsTheConnectionAndNamesTheWait() {
        Rejection limit = new Rejection(429, "rate_limit_exceeded", null, "slowly", Map.of("retry-after", "7"));

        assertThat(answerTo(limit))
                .contains("\r\nretry-after: 7\r\n", "\"type\":\"rate_limit_error\"")
                .doesNotContain("x-should-retry", "connection: close");
    }

    @Test
    void anExtensionMaySayItselfWhetherARetryHelps() {
        Rejection budget = new Rejection(429, "budget_exceeded", null, "spent", Map.of("X-Should-Retry", "false"));
        assertThat(answerTo(budget)).containsOnlyOnce("hould-").contains("X-Should-Retry: false\r\n");

        Rejection soon = new Rejection(409, null, null, "once more", Map.of("x-should-retry", "true"));
        assertThat(answerTo(soon)).containsOnlyOnce("x-should-retry: true\r\n").doesNotContain("false");
    }

    @Test
    void overloadNamesAWaitAndARefusedCredentialForbidsTheRetry() {
        assertThat(answerTo(Rejection.overloaded("later"))).contains("\r\nretry-after: 1\r\n");
        UpstreamFailure refused = new UpstreamFailure(Phase.STATUS, Kind.CREDENTIAL_REFUSED, "status 401");
        assertThat(answerTo(Rejection.upstreamFailed(refused)))
                .startsWith("HTTP/1.1 502 ")
                .containsOnlyOnce("x-should-retry: false\r\n")
                .doesNotContain("connection: close");
    }

    private static String answerTo(Rejection rejection) {
        ClientWire side = ClientWire.withStage();
        side.send(GET);
        side.runner.refuse(rejection);
        side.runPendingTasks();
        String written = side.written.toString();
        side.finishAndReleaseAll();
        return written;
    }

    @ParameterizedTest
    @CsvSource({"Content-Length, 0", "transfer-encoding, chunked", "'x y', v", "x-y, 'v\r\nevil: yes'"})
    void takesNoFieldThatCannotBeSent(String name, String value) {
        assertThatThrownBy(() -> new Rejection(429, null, null, "no", Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("evil");
        assertThatThrownBy(() -> new Rejection(200, null, null, "no", Map.of()))
                .hasMessage("status: 200 (expected: 400 to 599)");
    }
}
