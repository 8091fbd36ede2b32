package io.costoptimal.gateway.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Accounted.Source;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Choice.Certainty;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.PerToken;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scrape shows of what given exchanges have cost. */
class MoneyMetricsTest {

    private static final Candidate CHEAP = candidate("cheap");
    private static final Candidate DEAR = candidate("dear");
    private static final Candidate FREE = candidate("no-price");

    /** A thousandth of a dollar and a hundredth for each token, and 5 nano-dollars for each answer. */
    private static final Map<String, Price> PRICES =
            Map.of("cheap", new PerToken(1_000_000, -1), "dear", new PerToken(10_000_000, -1));

    private final ExchangeSeries series = new ExchangeSeries();
    private final TestLane lane = new TestLane();
    private final PrometheusRegistry registry = new PrometheusRegistry();

    @BeforeEach
    void start() {
        registry.register(series);
        series.wantMoney();
        series.configured(new Names(Set.of("cheap", "dear", "no-price"), Set.of("m"), Set.of("k")));
    }

    @Test
    void addsUpWhatAttemptsCostByProviderModelAndKey() throws IOException {
        completed(routed(Certainty.PROVEN, "m", DEAR, CHEAP), CHEAP, Usage.of(100, 50));
        completed(routed(Certainty.PROVEN, "m", DEAR, CHEAP), CHEAP, Usage.of(10, 5));
        completed(routed(Certainty.ORDERED, null, CHEAP, DEAR), DEAR, Usage.of(1, 1));

        assertThat(scrape())
                .containsEntry("gateway_cost_usd_total{model=\"m\",provider=\"cheap\"}", 0.16500001)
                .containsEntry("gateway_cost_usd_total{model=\"other\",provider=\"dear\"}", 0.020000005)
                .containsEntry("gateway_key_cost_usd_total{key=\"k\",model=\"m\"}", 0.16500001)
                .containsEntry("gateway_key_cost_usd_total{key=\"k\",model=\"other\"}", 0.020000005)
                .containsEntry("gateway_unpriced_attempts_total{model=\"m\",provider=\"cheap\"}", 0.0)
                .containsEntry("gateway_possible_cost_usd_total{model=\"m\",provider=\"cheap\"}", 0.0)
                .containsEntry("gateway_partial_attempts_total{model=\"m\",provider=\"cheap\"}", 0.0)
                .containsEntry("gateway_decisions_total{decision=\"proven\",model=\"m\"}", 2.0)
                .containsEntry("gateway_decisions_total{decision=\"ordered\",model=\"other\"}", 1.0)
                .doesNotContainKey("gateway_decisions_total{decision=\"expected\",model=\"m\"}")
                .containsEntry("gateway_accounted_attempts_total{provider=\"cheap\",source=\"reported\"}", 2.0)
                .containsEntry("gateway_accounted_attempts_total{provider=\"cheap\",source=\"counted\"}", 0.0);
    }

    @Test
    void whatWasSavedMayFallBelowNothing() throws IOException {
        completed(routed(Certainty.PROVEN, "m", DEAR, CHEAP), CHEAP, Usage.of(100, 0));
        assertThat(scrape())
                .containsEntry("gateway_saved_usd{against=\"first_choice\",model=\"m\"}", 0.9)
                .containsEntry("gateway_saved_usd{against=\"dearest\",model=\"m\"}", 0.9);

        completed(routed(Certainty.ORDERED, "m", CHEAP, DEAR), DEAR, Usage.of(200, 0));
        assertThat(scrape())
                .containsEntry("gateway_saved_usd{against=\"first_choice\",model=\"m\"}", -0.9)
                .containsEntry("gateway_saved_usd{against=\"dearest\",model=\"m\"}", 0.9);
    }

    @Test
    void anAttemptWithoutAPriceCostsNothingThatIsAddedUpButIsCounted() throws IOException {
        completed(routed(Certainty.ORDERED, "m", FREE, DEAR), FREE, Usage.of(100, 50));

        assertThat(scrape())
                .containsEntry("gateway_unpriced_attempts_total{model=\"m\",provider=\"no-price\"}", 1.0)
                .containsEntry("gateway_cost_usd_total{model=\"m\",provider=\"no-price\"}", 0.0)
                .containsEntry("gateway_saved_usd{against=\"dearest\",model=\"m\"}", 0.0)
                .noneSatisfy((name, value) -> assertThat(name).startsWith("gateway_key_cost_usd_total"));
    }

    @Test
    void whatAFailedAttemptMayHaveCostIsAddedUpApart() throws IOException {
        Exchange exchange = routed(Certainty.EXPECTED, "m", DEAR, CHEAP);
        exchange.attempt(DEAR);
        exchange.accounted(new Accounted(null, Source.NONE, null, Usage.of(10, 20)));
        exchange.attemptFailed(
                new UpstreamFailure(UpstreamFailure.Phase.FIRST_BYTE, UpstreamFailure.Kind.TIMEOUT, "late"));
        completed(exchange, CHEAP, new Usage(new Usage.Input(10, -1, -1, -1, 3), Usage.Output.UNKNOWN));

        assertThat(scrape())
                .containsEntry("gateway_possible_cost_usd_total{model=\"m\",provider=\"dear\"}", 0.300000005)
                .containsEntry("gateway_cost_usd_total{model=\"m\",provider=\"dear\"}", 0.0)
                .containsEntry("gateway_cost_usd_total{model=\"m\",provider=\"cheap\"}", 0.010000005)
                .containsEntry("gateway_partial_attempts_total{model=\"m\",provider=\"cheap\"}", 1.0)
                .containsEntry("gateway_accounted_attempts_total{provider=\"dear\",source=\"none\"}", 1.0)
                .containsEntry("gateway_decisions_total{decision=\"expected\",model=\"m\"}", 1.0);
    }

    @Test
    void nothingOfMoneyIsShownWhereNobodyWantsIt() throws IOException {
        ExchangeSeries plain = new ExchangeSeries();
        PrometheusRegistry other = new PrometheusRegistry();
        other.register(plain);
        Exchange exchange = routed(Certainty.PROVEN, "m", DEAR, CHEAP);
        exchange.attempt(CHEAP);
        exchange.headCame(200);
        exchange.answering(200);
        exchange.end(Outcome.COMPLETED);
        lane.tell(exchange, plain);

        assertThat(new String(Exposition.of(other, null).text(), StandardCharsets.UTF_8))
                .contains("gateway_attempts_total")
                .doesNotContain("usd", "decision", "unpriced");
    }

    @Test
    void forgetsNamesThatTwoReloadsHaveNot() throws IOException {
        completed(routed(Certainty.PROVEN, "m", DEAR, CHEAP), CHEAP, Usage.of(100, 50));
        Names others = new Names(Set.of("dear"), Set.of("m-2"), Set.of("k-2"));

        series.configured(others);
        assertThat(scrape()).containsKey("gateway_cost_usd_total{model=\"m\",provider=\"cheap\"}");
        series.configured(others);
        assertThat(scrape()).noneSatisfy((name, value) -> assertThat(name).contains("usd"));
    }

    private void completed(Exchange exchange, Candidate candidate, Usage usage) {
        exchange.attempt(candidate);
        exchange.headCame(200);
        exchange.answering(200);
        exchange.accounted(Accounted.reported(usage));
        exchange.end(Outcome.COMPLETED);
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

    /** @param entry that the configuration has for the model; {@code null} for none */
    private static Exchange routed(Certainty certainty, String entry, Candidate... listed) {
        Exchange exchange = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/chat/completions"),
                new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null),
                new Priced());
        exchange.authenticated(new Principal("k", Principal.Role.CLIENT));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField("m", 0, 1), false, -1, false, 2), new HeldBody());
        List<Candidate> all = List.of(listed);
        exchange.routed(new Decision(
                "m", new Decision.Match(entry, "providers"), new Choice(certainty, all, all, null), RetryOn.ALL, null));
        return exchange;
    }

    private Map<String, Double> scrape() throws IOException {
        String text = new String(Exposition.of(registry, null).text(), StandardCharsets.UTF_8);
        return ScrapeText.prometheus(text).samples();
    }

    /** A configuration that says prices and nothing else. */
    private static final class Priced implements Policy {

        @Override
        public Keys keys() {
            return null;
        }

        @Override
        public Routes routes() {
            return null;
        }

        @Override
        public Prices prices() {
            return (provider, model) -> PRICES.get(provider.id());
        }
    }
}
