package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a scrape shows after given exchanges. */
class MetricsTest {

    private static final Candidate CANDIDATE = candidate("p-1");
    private static final Candidate NEXT = candidate("p-2");

    private final Metrics metrics = new Metrics();

    @Test
    void countsARelayedExchangeAtItsProvider() throws IOException {
        for (int i = 0; i < 2; i++) {
            Exchange exchange = routed("m");
            exchange.attempt(CANDIDATE);
            exchange.headCame(200);
            exchange.answering(200);
            exchange.addRequestBytes(10);
            exchange.addResponseBytes(100);
            exchange.usage(new Usage(7, 3, -1, -1, -1));
            end(exchange, Outcome.COMPLETED);
        }

        assertThat(scrape())
                .contains(
                        "gateway_exchanges_total{endpoint=\"/v1/chat/completions\",outcome=\"completed\",provider=\"p-1\",status=\"2xx\"} 2.0",
                        "gateway_attempts_total{provider=\"p-1\"} 2.0",
                        "gateway_body_bytes_total{direction=\"in\",provider=\"p-1\"} 20.0",
                        "gateway_body_bytes_total{direction=\"out\",provider=\"p-1\"} 200.0",
                        "gateway_tokens_total{kind=\"input\",provider=\"p-1\"} 14.0",
                        "gateway_tokens_total{kind=\"output\",provider=\"p-1\"} 6.0",
                        "gateway_tokens_total{kind=\"cache_read\",provider=\"p-1\"} 0.0",
                        "gateway_exchange_seconds_count{provider=\"p-1\"} 2",
                        "gateway_first_byte_seconds_count{provider=\"p-1\"} 2")
                .doesNotContain("gateway_upstream_failures_total{");
    }

    @Test
    void countsAFailureAtWhoFailedAndNotAtWhoHelpedOut() throws IOException {
        Exchange exchange = routed("m");
        exchange.attempt(CANDIDATE);
        exchange.attemptFailed(
                new UpstreamFailure(UpstreamFailure.Phase.CONNECT, UpstreamFailure.Kind.CONNECT_ERROR, "refused"));
        exchange.attempt(NEXT);
        exchange.answering(200);
        end(exchange, Outcome.COMPLETED);

        assertThat(scrape())
                .contains(
                        "gateway_upstream_failures_total{phase=\"connect\",provider=\"p-1\"} 1.0",
                        "gateway_attempts_total{provider=\"p-1\"} 1.0",
                        "gateway_attempts_total{provider=\"p-2\"} 1.0",
                        "outcome=\"completed\",provider=\"p-2\",status=\"2xx\"} 1.0")
                .doesNotContain("phase=\"connect\",provider=\"p-2\"");
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
                .contains(
                        "gateway_upstream_failures_total{phase=\"first_byte\",provider=\"p-1\"} 1.0",
                        "outcome=\"upstream_failed\",provider=\"p-1\",status=\"5xx\"} 1.0")
                .contains("gateway_first_byte_seconds_count{provider=\"p-1\"} 0");
    }

    @Test
    void neverMakesALabelOfWhatAClientSent() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            end(routed("hostile-" + i), Outcome.CLIENT_CANCELLED);
        }
        Exchange garbage = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf("HOSTILE"), "/hostile-path"),
                new Target(null, ApiFamily.OPENAI, null, null),
                false,
                null);
        garbage.status(400);
        end(garbage, Outcome.REJECTED);

        assertThat(scrape())
                .doesNotContainIgnoringCase("hostile")
                .contains(
                        "gateway_exchanges_total{endpoint=\"/v1/chat/completions\",outcome=\"client_cancelled\",provider=\"\",status=\"none\"} 1000.0",
                        "gateway_exchanges_total{endpoint=\"\",outcome=\"rejected\",provider=\"\",status=\"4xx\"} 1.0");
    }

    private void end(Exchange exchange, Outcome outcome) {
        exchange.end(outcome);
        metrics.exchangeEnded(exchange);
    }

    private static Candidate candidate(String provider) {
        return new Candidate(
                new Provider(
                        provider,
                        Provider.Kind.OPENAI,
                        URI.create("http://127.0.0.1:1"),
                        new Provider.Access("t", null, Map.of()),
                        Duration.ofSeconds(1)),
                null);
    }

    private static Exchange routed(String model) {
        Exchange exchange = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/chat/completions"),
                new Target(Endpoint.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null),
                true,
                null);
        exchange.authenticated(new Principal("k", Principal.Role.CLIENT, Set.of()));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField(model, 0, 1), false, -1, false, 2), new HeldBody());
        exchange.routed(new Decision(model, "providers", List.of(CANDIDATE), RetryOn.ALL, null));
        return exchange;
    }

    private String scrape() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, metrics.registry().scrape());
        return out.toString(StandardCharsets.UTF_8);
    }
}
