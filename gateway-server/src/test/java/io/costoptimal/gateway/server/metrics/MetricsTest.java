package io.costoptimal.gateway.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.Journal;
import io.costoptimal.gateway.server.journal.TestLane;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scrape shows after given exchanges. */
class MetricsTest {

    private static final Candidate CANDIDATE = candidate("p-1");
    private static final Candidate NEXT = candidate("p-2");

    private final ExchangeSeries series = new ExchangeSeries();
    private final TestLane lane = new TestLane();
    private final PrometheusRegistry registry = new PrometheusRegistry();

    @BeforeEach
    void start() {
        registry.register(series);
        series.configured(new Names(Set.of("p-1", "p-2"), Set.of("m"), Set.of("k")));
    }

    @Test
    void countsARelayedExchangeAtItsProvider() throws IOException {
        for (int i = 0; i < 2; i++) {
            Exchange exchange = routed("m");
            exchange.attempt(CANDIDATE);
            exchange.headCame(200);
            exchange.answering(200);
            exchange.addRequestBytes(10);
            exchange.addResponseBytes(100);
            exchange.usage(Usage.of(7, 3));
            end(exchange, Outcome.COMPLETED);
        }

        assertThat(scrape())
                .containsEntry(
                        "gateway_exchanges_total{endpoint=\"/v1/chat/completions\",outcome=\"completed\",provider=\"p-1\",status=\"2xx\"}",
                        2.0)
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"p-1\",status=\"2xx\"}", 2.0)
                .containsEntry("gateway_body_bytes_total{direction=\"in\",provider=\"p-1\"}", 20.0)
                .containsEntry("gateway_body_bytes_total{direction=\"out\",provider=\"p-1\"}", 200.0)
                .containsEntry("gateway_tokens_total{kind=\"input\",model=\"m\",provider=\"p-1\"}", 14.0)
                .containsEntry("gateway_tokens_total{kind=\"output\",model=\"m\",provider=\"p-1\"}", 6.0)
                .containsEntry("gateway_tokens_total{kind=\"cached\",model=\"m\",provider=\"p-1\"}", 0.0)
                .containsEntry("gateway_key_tokens_total{key=\"k\",kind=\"input\",model=\"m\"}", 14.0)
                .containsEntry("gateway_exchange_seconds_count{provider=\"p-1\"}", 2.0)
                .containsEntry("gateway_first_byte_seconds_count{provider=\"p-1\"}", 2.0)
                .noneSatisfy((name, value) -> assertThat(name).startsWith("gateway_upstream_failures_total"));
    }

    @Test
    void countsAFailureAtWhoFailedAndNotAtWhoHelpedOut() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        exchange.attemptFailed(
                new UpstreamFailure(UpstreamFailure.Phase.CONNECT, UpstreamFailure.Kind.CONNECT_ERROR, "refused"));
        exchange.attempt(NEXT);
        exchange.headCame(200);
        exchange.answering(200);
        end(exchange, Outcome.COMPLETED);

        assertThat(scrape())
                .containsEntry("gateway_upstream_failures_total{phase=\"connect\",provider=\"p-1\"}", 1.0)
                .containsEntry(
                        "gateway_attempts_total{failure=\"connect_error\",provider=\"p-1\",status=\"none\"}", 1.0)
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"p-1\",status=\"2xx\"}", 0.0)
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"p-2\",status=\"2xx\"}", 1.0)
                .doesNotContainKey("gateway_upstream_failures_total{phase=\"connect\",provider=\"p-2\"}");
    }

    @Test
    void countsAFailureByItsPhase() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        exchange.attemptFailed(
                new UpstreamFailure(UpstreamFailure.Phase.FIRST_BYTE, UpstreamFailure.Kind.TIMEOUT, "timeout"));
        exchange.status(504);
        end(exchange, Outcome.UPSTREAM_FAILED);

        assertThat(scrape())
                .containsEntry("gateway_upstream_failures_total{phase=\"first_byte\",provider=\"p-1\"}", 1.0)
                .containsEntry("gateway_attempts_total{failure=\"timeout\",provider=\"p-1\",status=\"none\"}", 1.0)
                .containsEntry(
                        "gateway_exchanges_total{endpoint=\"/v1/chat/completions\",outcome=\"upstream_failed\",provider=\"p-1\",status=\"5xx\"}",
                        1.0)
                .containsEntry("gateway_first_byte_seconds_count{provider=\"p-1\"}", 0.0);
    }

    @Test
    void countsAnErrorAnswerByItsClassAtWhoGaveIt() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        exchange.headCame(503);
        exchange.attemptFailed(
                new UpstreamFailure(UpstreamFailure.Phase.STATUS, UpstreamFailure.Kind.STATUS, "status 503"));
        exchange.attempt(NEXT);
        exchange.headCame(200);
        exchange.answering(200);
        end(exchange, Outcome.COMPLETED);

        assertThat(scrape())
                .containsEntry("gateway_attempts_total{failure=\"status\",provider=\"p-1\",status=\"5xx\"}", 1.0)
                .containsEntry("gateway_first_byte_seconds_count{provider=\"p-1\"}", 1.0)
                .containsEntry("gateway_first_byte_seconds_count{provider=\"p-2\"}", 1.0)
                .containsEntry("gateway_exchange_seconds_count{provider=\"p-1\"}", 0.0);
    }

    @Test
    void countsWhatABrokenAnswerUsed() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        exchange.headCame(200);
        exchange.answering(200);
        exchange.usage(Usage.of(7, 3));
        exchange.attemptFailed(new UpstreamFailure(UpstreamFailure.Phase.BODY, UpstreamFailure.Kind.CUT_OFF, "closed"));
        end(exchange, Outcome.TRUNCATED);

        assertThat(scrape())
                .containsEntry("gateway_attempts_total{failure=\"cut_off\",provider=\"p-1\",status=\"2xx\"}", 1.0)
                .containsEntry("gateway_tokens_total{kind=\"output\",model=\"m\",provider=\"p-1\"}", 3.0)
                .containsEntry("gateway_key_tokens_total{key=\"k\",kind=\"output\",model=\"m\"}", 3.0);
    }

    @Test
    void blamesNoProviderForAClientThatLeft() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        end(exchange, Outcome.CLIENT_CANCELLED);

        assertThat(scrape())
                .containsEntry("gateway_attempts_total{failure=\"abandoned\",provider=\"p-1\",status=\"none\"}", 1.0);
    }

    @Test
    void neverMakesALabelOfWhatAClientSent() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            Exchange exchange = routed("hostile-" + i);
            exchange.attempt(CANDIDATE);
            exchange.usage(Usage.of(1, 1));
            end(exchange, Outcome.CLIENT_CANCELLED);
        }
        end(routed("hostile"), Outcome.CLIENT_CANCELLED);
        Exchange garbage = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf("HOSTILE"), "/hostile-path"),
                new Target(null, ApiFamily.OPENAI, null, null),
                null);
        garbage.status(400);
        end(garbage, Outcome.REJECTED);

        assertThat(scrape())
                .noneSatisfy((name, value) -> assertThat(name).contains("hostile"))
                .containsEntry("gateway_tokens_total{kind=\"input\",model=\"other\",provider=\"p-1\"}", 1000.0)
                .containsEntry("gateway_key_tokens_total{key=\"k\",kind=\"output\",model=\"other\"}", 1000.0)
                .containsEntry(
                        "gateway_exchanges_total{endpoint=\"/v1/chat/completions\",outcome=\"client_cancelled\",provider=\"none\",status=\"none\"}",
                        1.0)
                .containsEntry(
                        "gateway_exchanges_total{endpoint=\"other\",outcome=\"rejected\",provider=\"none\",status=\"4xx\"}",
                        1.0);
    }

    @Test
    void keepsAConfiguredNameApartFromTheWordsForWhatHasNone() throws IOException {
        series.configured(new Names(Set.of("none", "none_", "nonet"), Set.of("other"), Set.of("k")));
        for (String id : List.of("none", "none_", "nonet")) {
            Exchange exchange = routed("other", "other");
            exchange.attempt(candidate(id));
            exchange.headCame(200);
            exchange.answering(200);
            exchange.usage(Usage.of(7, 3));
            end(exchange, Outcome.COMPLETED);
        }
        Exchange unlisted = routed("unlisted", null);
        unlisted.attempt(candidate("nonet"));
        unlisted.headCame(200);
        unlisted.answering(200);
        unlisted.usage(Usage.of(1, 1));
        end(unlisted, Outcome.COMPLETED);
        end(routed("other", "other"), Outcome.CLIENT_CANCELLED);

        assertThat(scrape())
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"none_\",status=\"2xx\"}", 1.0)
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"none__\",status=\"2xx\"}", 1.0)
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"nonet\",status=\"2xx\"}", 2.0)
                .containsEntry("gateway_exchange_seconds_count{provider=\"none_\"}", 1.0)
                .containsEntry("gateway_tokens_total{kind=\"input\",model=\"other_\",provider=\"none_\"}", 7.0)
                .containsEntry("gateway_key_tokens_total{key=\"k\",kind=\"input\",model=\"other_\"}", 21.0)
                .containsEntry("gateway_key_tokens_total{key=\"k\",kind=\"input\",model=\"other\"}", 1.0)
                .containsEntry(
                        "gateway_exchanges_total{endpoint=\"/v1/chat/completions\",outcome=\"client_cancelled\",provider=\"none\",status=\"none\"}",
                        1.0)
                .doesNotContainKey("gateway_exchange_seconds_count{provider=\"none\"}");
    }

    @Test
    void countsEachTokenInOneClass() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        exchange.headCame(200);
        exchange.answering(200);
        exchange.usage(new Usage(new Usage.Input(10, 4, 5, 6, 3), new Usage.Output(2, 1, 1)));
        end(exchange, Outcome.COMPLETED);

        assertThat(scrape())
                .containsEntry("gateway_tokens_total{kind=\"input\",model=\"m\",provider=\"p-1\"}", 10.0)
                .containsEntry("gateway_tokens_total{kind=\"cached\",model=\"m\",provider=\"p-1\"}", 4.0)
                .containsEntry("gateway_tokens_total{kind=\"written\",model=\"m\",provider=\"p-1\"}", 5.0)
                .containsEntry("gateway_tokens_total{kind=\"written_1h\",model=\"m\",provider=\"p-1\"}", 6.0)
                .containsEntry("gateway_tokens_total{kind=\"output\",model=\"m\",provider=\"p-1\"}", 2.0);
    }

    @Test
    void addsUpWhatEachEventLoopCounted() throws Exception {
        try (Journal journal = new Journal(List.of(series)).start()) {
            CountDownLatch done = new CountDownLatch(3);
            for (int i = 0; i < 3; i++) {
                new Thread(() -> {
                            Exchange exchange = routed("m");
                            exchange.attempt(CANDIDATE);
                            exchange.headCame(200);
                            exchange.answering(200);
                            exchange.end(Outcome.COMPLETED);
                            journal.exchangeEnded(exchange);
                            done.countDown();
                        })
                        .start();
            }
            done.await();
        }

        assertThat(scrape())
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"p-1\",status=\"2xx\"}", 3.0)
                .containsEntry("gateway_exchange_seconds_count{provider=\"p-1\"}", 3.0);
    }

    @Test
    void showsEveryProviderBeforeItsFirstRequest() throws IOException {
        assertThat(scrape())
                .containsEntry("gateway_attempts_total{failure=\"none\",provider=\"p-2\",status=\"2xx\"}", 0.0)
                .containsEntry("gateway_first_byte_seconds_count{provider=\"p-2\"}", 0.0);
    }

    @Test
    void keepsWhatAReloadRemovesUntilTheReloadAfter() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        exchange.headCame(200);
        exchange.answering(200);
        exchange.usage(Usage.of(7, 3));
        end(exchange, Outcome.COMPLETED);

        Names others = new Names(Set.of("p-2"), Set.of("m-2"), Set.of("k-2"));
        series.configured(others);
        assertThat(scrape())
                .containsEntry("gateway_tokens_total{kind=\"input\",model=\"m\",provider=\"p-1\"}", 7.0)
                .containsEntry("gateway_key_tokens_total{key=\"k\",kind=\"input\",model=\"m\"}", 7.0);

        series.configured(others);
        assertThat(scrape())
                .noneSatisfy((name, value) -> assertThat(name).contains("p-1"))
                .noneSatisfy((name, value) -> assertThat(name).contains("key=\"k\""))
                .noneSatisfy((name, value) -> assertThat(name).contains("model=\"m\""));
    }

    private void end(Exchange exchange, Outcome outcome) {
        exchange.end(outcome);
        lane.tell(exchange, series);
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

    /** An exchange for {@code m}, which has an entry in the configuration, or for a name that has none. */
    private static Exchange routed(String model) {
        return routed(ApiFamily.OPENAI, model);
    }

    private static Exchange routed(ApiFamily family, String model) {
        return routed(family, model, model.equals("m") ? model : null);
    }

    /** @param entry that the configuration has for the model; {@code null} for none */
    private static Exchange routed(String model, String entry) {
        return routed(ApiFamily.OPENAI, model, entry);
    }

    private static Exchange routed(ApiFamily family, String model, String entry) {
        Operation endpoint =
                family == ApiFamily.OPENAI ? StandardOperations.CHAT_COMPLETIONS : StandardOperations.MESSAGES;
        Exchange exchange = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, endpoint.path()),
                new Target(endpoint, family, null, null),
                null);
        exchange.authenticated(new Principal("k", Principal.Role.CLIENT));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField(model, 0, 1), false, -1, false, 2), new HeldBody());
        Decision.Match match = new Decision.Match(entry, "providers");
        exchange.routed(new Decision(model, match, List.of(CANDIDATE), RetryOn.ALL, null));
        return exchange;
    }

    private Map<String, Double> scrape() throws IOException {
        String text = new String(Exposition.of(registry, null).text(), StandardCharsets.UTF_8);
        return ScrapeText.prometheus(text).samples();
    }
}
