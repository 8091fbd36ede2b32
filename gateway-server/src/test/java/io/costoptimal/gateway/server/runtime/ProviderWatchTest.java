package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the application log tells of providers that fail, in virtual time. */
class ProviderWatchTest {

    private final List<String> log = new ArrayList<>();
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30);
    private final ProviderWatch watch =
            new ProviderWatch(() -> now, line -> log.add("WARN " + line), line -> log.add("INFO " + line));

    private void fails(String provider, Phase phase, Kind kind, int status) {
        Attempt attempt = new Attempt(
                candidate(provider),
                new UpstreamFailure(phase, kind, "why"),
                status,
                null,
                new Attempt.Timing(0, -1, 1));
        watch.exchangeEnded(report(candidate(provider), List.of(attempt), 1, Outcome.UPSTREAM_FAILED));
    }

    private void refuses(String provider) {
        fails(provider, Phase.CONNECT, Kind.CONNECT_ERROR, 0);
    }

    private void answers(String provider) {
        watch.exchangeEnded(report(candidate(provider), List.of(), 1, Outcome.COMPLETED));
    }

    @Test
    void warnsAtOnceAndThenOnceAMinuteWithTheNumberOfFailures() {
        for (int i = 0; i < 100; i++) {
            refuses("a");
        }
        assertThat(log).containsExactly("WARN provider=a cause=connect_error times=1 detail=\"why\"");
        now += TimeUnit.SECONDS.toNanos(59);
        refuses("a");
        assertThat(log).hasSize(1);
        now += TimeUnit.SECONDS.toNanos(1);
        refuses("a");
        assertThat(log).hasSize(2).last().isEqualTo("WARN provider=a cause=connect_error times=101 detail=\"why\"");
    }

    @Test
    void tellsProvidersAndCausesApart() {
        refuses("a");
        refuses("b");
        fails("a", Phase.FIRST_BYTE, Kind.TIMEOUT, 0);
        refuses("a");
        assertThat(log)
                .containsExactly(
                        "WARN provider=a cause=connect_error times=1 detail=\"why\"",
                        "WARN provider=b cause=connect_error times=1 detail=\"why\"",
                        "WARN provider=a cause=timeout times=1 detail=\"why\"");
    }

    @Test
    void saysOnceThatAProviderIsWellAgain() {
        answers("a");
        refuses("a");
        refuses("a");
        answers("b");
        answers("a");
        answers("a");
        assertThat(log).hasSize(2).last().isEqualTo("INFO provider=a failures=2");
    }

    @Test
    void aProviderThatFailsNowAndThenFillsNoLog() {
        for (int i = 0; i < 1_000; i++) {
            refuses("a");
            answers("a");
        }
        assertThat(log).hasSize(2);
        now += TimeUnit.MINUTES.toNanos(1);
        refuses("a");
        answers("a");
        assertThat(log).hasSize(4);
        assertThat(log.get(2)).contains("times=1000");
        assertThat(log.get(3)).isEqualTo("INFO provider=a failures=1000");
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, CONNECT_ERROR, 0, connect_error",
        "TLS, CONNECT_ERROR, 0, connect_error",
        "FIRST_BYTE, NO_ANSWER, 0, no_answer",
        "FIRST_BYTE, TIMEOUT, 0, timeout",
        "BODY, CUT_OFF, 200, cut_off",
        "STATUS, CREDENTIAL_REFUSED, 401, credential_refused",
        "LEASE, NO_CREDENTIAL, 0, no_credential",
        "STATUS, STATUS, 429, status_429",
        "STATUS, STATUS, 503, status_5xx",
        "STATUS, STATUS, 400, ",
        "WRITE, STALE_CONNECTION, 0, ",
        "LEASE, TIMEOUT, 0, ",
    })
    void blamesAProviderForWhatIsItsDoingAlone(Phase phase, Kind kind, int status, String cause) {
        fails("a", phase, kind, status);
        assertThat(log)
                .isEqualTo(
                        cause == null
                                ? List.of()
                                : List.of("WARN provider=a cause=" + cause + " times=1 detail=\"why\""));
    }

    @Test
    void forgetsAProviderThatIsNoLongerConfigured() {
        refuses("a");
        watch.configured(Set.of("b"));
        answers("a");
        assertThat(log).hasSize(1);
    }

    private static Candidate candidate(String provider) {
        return new Candidate(
                new Provider(
                        provider,
                        ProviderKinds.OPENAI,
                        URI.create("http://127.0.0.1:1"),
                        new Provider.Access("t", null, Map.of()),
                        Duration.ofSeconds(1)),
                null);
    }

    /** A report of which nothing else is asked. */
    private static ExchangeReport report(Candidate last, List<Attempt> failures, int attempts, Outcome outcome) {
        return (ExchangeReport) Proxy.newProxyInstance(
                ProviderWatchTest.class.getClassLoader(),
                new Class<?>[] {ExchangeReport.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "failures" -> failures;
                    case "attempts" -> attempts;
                    case "outcome" -> outcome;
                    case "candidate" -> last;
                    default -> throw new AssertionError(method.getName());
                });
    }
}
