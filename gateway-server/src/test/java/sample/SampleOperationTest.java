package sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.server.journal.Journal;
import io.costoptimal.gateway.server.metrics.Metrics;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An operation and a kind of provider that the gateway does not know, added from outside: this package sees what is public
 * and nothing else.
 */
@Timeout(30)
class SampleOperationTest {

    private static final String ORDER =
            "{\"results\":[{\"index\":1},{\"index\":0}],\"meta\":{\"tokens\":{\"input_tokens\":17,\"output_tokens\":2}}}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
            + ORDER.length() + "\r\n\r\n" + ORDER;

    private static final String QUESTION = "{\"model\":\"rank\",\"query\":\"why\",\"documents\":[\"because\"]}";

    private final BlockingQueue<Object> usage = new LinkedBlockingQueue<>();
    private final Metrics metrics = new Metrics();
    private final Journal journal = new Journal(List.of(metrics.exchanges())).start();

    private ScriptedOrigin origin;
    private TestGateway gateway;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        metrics.observe(journal);
        origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
        Snapshot plain = TestGateway.snapshot(routes());
        gateway = TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(plain.keys(), plain.routes(), StandardOperations.ALL.with(Rerank.OPERATION), null),
                exchange -> null,
                exchange -> {
                    journal.exchangeEnded(exchange);
                    usage.add(exchange.usage() == null ? "none" : exchange.usage());
                });
        client = RawClient.connect(gateway.port());
    }

    private RouteTable routes() {
        Provider provider = new Provider(
                "vendor",
                new Vendor(),
                URI.create("http://127.0.0.1:" + origin.port() + "/api"),
                new Provider.Access("secret", null, Map.of()),
                Duration.ofSeconds(10));
        return new RouteTable(
                Map.of(),
                List.of(new ModelRoutes(
                        "rank",
                        List.of(new Candidate(provider, null)),
                        List.of(new RoutedRule(
                                Rule.compile("TokenCount > 40"), List.of(new Candidate(provider, "rank-long")))),
                        null)),
                null,
                RetryOn.ALL);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        gateway.close();
        journal.close();
        origin.close();
    }

    @Test
    void isAskedWhereThatKindOfProviderHasItAndWithTheCredentialOfThatKind() throws Exception {
        client.send(request("/v1/sort?top=1", QUESTION, "x-vendor-key: the client's\r\n"));

        assertThat(client.readMessage()).isEqualTo(ANSWER);
        assertThat(origin.next().nextRequest())
                .startsWith("POST /api/v2/sort?top=1 HTTP/1.1\r\n")
                .contains("\r\nx-vendor-key: Token secret\r\n")
                .doesNotContain("the client's", TestGateway.KEY)
                .endsWith("\r\n\r\n" + QUESTION);
    }

    @Test
    void isFoundByAzuresSpellingToo() throws Exception {
        client.send(request("/openai/sort", QUESTION, ""));
        assertThat(client.readMessage()).isEqualTo(ANSWER);
        client.send(request("/openai/deployments/rank/sort", "{\"query\":\"why\"}", ""));
        assertThat(client.readMessage()).isEqualTo(ANSWER);

        ScriptedOrigin.Connection provider = origin.next();
        assertThat(provider.nextRequest()).startsWith("POST /api/v2/sort HTTP/1.1\r\n");
        assertThat(provider.nextRequest()).endsWith("\r\n\r\n{\"model\":\"rank\",\"query\":\"why\"}");
    }

    @Test
    void takesItsOwnMethodOnlyAndNeedsAModel() throws Exception {
        client.send("GET /v1/sort HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY + "\r\n\r\n");
        assertThat(client.readMessage()).startsWith("HTTP/1.1 405 ").containsIgnoringCase("\r\nallow: POST\r\n");
        try (RawClient other = RawClient.connect(gateway.port())) {
            other.send(request("/v1/sort", "{\"query\":\"why\"}", ""));
            assertThat(other.readMessage()).startsWith("HTTP/1.1 400 ").contains("\"param\":\"model\"");
        }
    }

    @Test
    void tellsUsageInAShapeOfItsOwn() throws Exception {
        client.send(request("/v1/sort", QUESTION, ""));
        client.readMessage();

        assertThat(usage.poll(10, TimeUnit.SECONDS)).isEqualTo(Usage.of(17, 2));
    }

    @Test
    void countsTheTextThatItsWalkerTakesAndNoOther() throws Exception {
        String words = "one two three ".repeat(20);
        client.send(request("/v1/sort", question("documents", "[{\"id\":\"" + words + "\",\"text\":\"one\"}]"), ""));
        client.readMessage();
        client.send(request("/v1/sort", question("documents", "[{\"id\":\"1\",\"text\":\"" + words + "\"}]"), ""));
        client.readMessage();

        ScriptedOrigin.Connection provider = origin.next();
        assertThat(provider.nextRequest()).contains("\"model\":\"rank\"");
        assertThat(provider.nextRequest()).contains("\"model\":\"rank-long\"");
    }

    private static String question(String member, String value) {
        return "{\"model\":\"rank\",\"query\":\"why\",\"" + member + "\":" + value + "}";
    }

    @Test
    void hasASeriesOfItsOwnInMetrics() throws Exception {
        client.send(request("/v1/sort", QUESTION, ""));
        client.readMessage();
        assertThat(usage.poll(10, TimeUnit.SECONDS)).isNotNull();

        assertThat(new String(metrics.scrape(null).text(), StandardCharsets.UTF_8))
                .contains("gateway_exchanges_total{endpoint=\"/v1/sort\",outcome=\"completed\",provider=");
    }

    private static String request(String target, String body, String fields) {
        return "POST " + target + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY + "\r\n" + fields
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
