package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a report says of each attempt: who, how far, with which answer, and how long by a clock of its own. */
class AttemptsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String DOWN = "HTTP/1.1 503 U\r\nContent-Length: 4\r\n\r\ndown";
    private static final String USAGE = "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + USAGE.length() + "\r\n\r\n" + USAGE;

    /** What is read of a report during the call that hands it over. */
    private record Seen(List<Attempt> history, List<Attempt> failures, String provider, long firstByte, long total) {

        static Seen of(ExchangeReport report) {
            return new Seen(
                    List.copyOf(report.history()),
                    List.copyOf(report.failures()),
                    report.candidate().provider().id(),
                    report.firstByteNanos(),
                    report.totalNanos());
        }
    }

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    private Seen exchange(int... ports) throws Exception {
        try (TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1),
                        TestGateway.snapshot(TestGateway.routes("gpt-4o", null, ports)),
                        local -> null,
                        report -> seen.add(Seen.of(report)));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            client.readMessage();
            return seen.poll(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void everyAttemptHasItsStatusItsUsageAndItsOwnClock() throws Exception {
        try (ScriptedOrigin down = ScriptedOrigin.start(ScriptedOrigin.answering(DOWN));
                ScriptedOrigin silent = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.fin();
                });
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK))) {
            Seen report = exchange(down.port(), silent.port(), good.port());

            assertThat(report.history).hasSize(3);
            Attempt first = report.history.get(0);
            assertThat(first.status()).isEqualTo(503);
            assertThat(first.failure().phase()).isEqualTo(Phase.STATUS);
            assertThat(first.failure().kind()).isEqualTo(Kind.STATUS);
            assertThat(first.timing().firstByte()).isBetween(0L, first.timing().total());

            Attempt second = report.history.get(1);
            assertThat(second.status()).isZero();
            assertThat(second.failure().kind()).isEqualTo(Kind.NO_ANSWER);
            assertThat(second.timing().firstByte()).isEqualTo(-1);
            assertThat(second.timing().started())
                    .isGreaterThanOrEqualTo(
                            first.timing().started() + first.timing().total());

            Attempt third = report.history.get(2);
            assertThat(third.failure()).isNull();
            assertThat(third.status()).isEqualTo(200);
            assertThat(third.usage().input().uncached()).isEqualTo(7);
            assertThat(third.timing().started())
                    .isGreaterThanOrEqualTo(
                            second.timing().started() + second.timing().total());
            assertThat(report.firstByte)
                    .isEqualTo(third.timing().started() + third.timing().firstByte());
            assertThat(report.total)
                    .isEqualTo(third.timing().started() + third.timing().total());
            assertThat(report.failures).containsExactly(first, second);
        }
    }

    @Test
    void anErrorAnswerIsAFailureOfWhoGaveItAlsoWhenTheClientGetsIt() throws Exception {
        try (ScriptedOrigin down = ScriptedOrigin.start(ScriptedOrigin.answering(DOWN))) {
            Seen report = exchange(down.port());

            assertThat(report.failures).singleElement().satisfies(failed -> {
                assertThat(failed.failure().kind()).isEqualTo(Kind.STATUS);
                assertThat(failed.candidate().provider().id()).contains(":" + down.port());
            });
            assertThat(report.history).isEqualTo(report.failures);
        }
    }

    @Test
    void aKeptAnswerIsReportedAsThatOfWhoGaveIt() throws Exception {
        try (ScriptedOrigin busy = ScriptedOrigin.start(
                        ScriptedOrigin.answering("HTTP/1.1 429 S\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow"));
                ScriptedOrigin down = ScriptedOrigin.start(ScriptedOrigin.answering(DOWN))) {
            Seen report = exchange(busy.port(), down.port());

            assertThat(report.provider).contains(":" + busy.port());
            assertThat(report.history).extracting(Attempt::status).containsExactly(429, 503);
            Attempt first = report.history.get(0);
            assertThat(report.firstByte)
                    .isEqualTo(first.timing().started() + first.timing().firstByte());
        }
    }

    @Test
    void whatAFailedAttemptToldOfTokensIsItsOwn() throws Exception {
        String usage = "{\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":2}}";
        String broken = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(usage.length())
                + "\r\n" + usage + "!!\r\n";
        String failed = "HTTP/1.1 500 E\r\nContent-Length: " + usage.length() + "\r\n\r\n" + usage;
        try (ScriptedOrigin first = ScriptedOrigin.start(ScriptedOrigin.answering(failed));
                ScriptedOrigin second = ScriptedOrigin.start(ScriptedOrigin.answering(broken));
                ScriptedOrigin silent = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.fin();
                });
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK))) {
            Seen report = exchange(first.port(), second.port(), silent.port(), good.port());

            assertThat(report.history)
                    .extracting(attempt -> attempt.usage() == null
                            ? -1L
                            : attempt.usage().input().uncached())
                    .containsExactly(40L, 40L, -1L, 7L);
        }
    }
}
