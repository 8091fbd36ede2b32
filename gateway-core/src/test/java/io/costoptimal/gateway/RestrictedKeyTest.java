package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key for some models reaches no other, however its owner asks; and what is logged as sent is what arrived. */
class RestrictedKeyTest {

    private static final String LIMITED = "sk-limited";
    private static final int REQUESTS = 5_000;

    /** What may arrive for the limited key: {@code vendor} is what a provider calls {@code renamed}. */
    private static final ModelScope ARRIVING = ModelScope.of(List.of("small", "vendor", "team-*"));

    private static final ModelScope ALLOWED = ModelScope.of(List.of("small", "renamed", "nick", "team-*"));

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Everything that arrived, and everything that was logged of exchanges that ended well. */
    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();

    private final BlockingQueue<String> logged = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void reachesNoOtherModelByAnyOfManyWays(long seed) throws Exception {
        WaysAroundAKey ways = new WaysAroundAKey(seed);
        int served = 0;
        try (ScriptedOrigin origin = recorder();
                TestGateway gateway = start(origin.port())) {
            RawClient client = RawClient.connect(gateway.port());
            try {
                for (int i = 0; i < REQUESTS; i++) {
                    byte[] request = ways.next("Authorization: Bearer " + LIMITED + "\r\n");
                    client.send(request);
                    String answer = client.readMessage();
                    String as = "seed " + seed + ", request " + i + ": " + new String(request, "ISO-8859-1");
                    if (answer.startsWith("HTTP/1.1 200 ")) {
                        served++;
                        check(as, arrived.take(), logged.take());
                    } else {
                        assertThat(answer).as(as).startsWith("HTTP/1.1 4");
                    }
                    if (answer.contains("connection: close")) {
                        client.close();
                        client = RawClient.connect(gateway.port());
                    }
                }
            } finally {
                client.close();
            }
        }
        assertThat(arrived)
                .as("requests that arrived without an answer for the client")
                .isEmpty();
        // Otherwise the requests would say little.
        assertThat(served).isBetween(REQUESTS / 20, REQUESTS / 2);
    }

    private static void check(String as, String request, String sent) {
        Set<String> models = Arrival.of(request).models();
        assertThat(models)
                .as(as + "\narrived as " + request)
                .containsExactly(sent)
                .allMatch(ARRIVING::allows);
    }

    @Test
    void getsNothingFromTheDefaultProviderThatIsNotNamed() throws Exception {
        try (ScriptedOrigin origin = recorder();
                TestGateway gateway = start(origin.port())) {
            for (String body : List.of("{}", "{\"prompt\":{\"id\":\"p\"}}", "{\"model\":null}")) {
                assertThat(status(gateway, LIMITED, "/v1/responses", body)).isEqualTo(403);
                assertThat(status(gateway, LIMITED, "/openai/responses", body)).isEqualTo(403);
                assertThat(status(gateway, TestGateway.KEY, "/v1/responses", body))
                        .isEqualTo(200);
                assertThat(arrived.take()).endsWith("\r\n\r\n" + body);
            }
            assertThat(arrived).isEmpty();
        }
    }

    @Test
    void leavesAlternativesToKeysForAllModels() throws Exception {
        try (ScriptedOrigin origin = recorder();
                TestGateway gateway = start(origin.port())) {
            for (String more : List.of(
                    "\"models\":[\"big\"]",
                    "\"fallbacks\":[{\"model\":\"big\"}]",
                    "\"route\":\"fallback\"",
                    "\"preset\":\"of-big\"",
                    "\"context_window_fallbacks\":[{\"small\":[\"big\"]}]",
                    "\"context_window_fallback_dict\":{\"small\":\"big\"}",
                    "\"content_policy_fallbacks\":[{\"small\":[\"big\"]}]")) {
                String body = "{\"model\":\"small\"," + more + "}";
                assertThat(status(gateway, LIMITED, "/v1/chat/completions", body))
                        .isEqualTo(403);
                assertThat(status(gateway, TestGateway.KEY, "/v1/chat/completions", body))
                        .isEqualTo(200);
                assertThat(arrived.take()).endsWith("\r\n\r\n" + body);
            }
            assertThat(arrived).isEmpty();
        }
    }

    private static int status(TestGateway gateway, String key, String path, String body) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: g\r\nx-api-key: " + key
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            return Integer.parseInt(client.readMessage().substring(9, 12));
        }
    }

    private ScriptedOrigin recorder() throws IOException {
        return ScriptedOrigin.start(connection -> {
            String request = connection.readRequest();
            while (request != null) {
                arrived.add(request);
                connection.send(OK);
                request = connection.readRequest();
            }
        });
    }

    private TestGateway start(int port) throws IOException {
        RouteTable routes = new RouteTable(
                Map.of("nick", "small", "sneaky", "big", "team-alias", "big"),
                List.of(
                        entry("small", port, null),
                        entry("renamed", port, "vendor"),
                        entry("team-*", port, null),
                        entry("big", port, null),
                        entry("bi*", port, null)),
                TestGateway.provider(port),
                RetryOn.ALL);
        Snapshot snapshot = new Snapshot(
                KeyRing.of(List.of(
                        KeyEntry.of(LIMITED, new Principal("limited", Principal.Role.CLIENT, ALLOWED)),
                        KeyEntry.of(TestGateway.KEY, new Principal("all", Principal.Role.CLIENT)))),
                new Router(routes));
        return TestGateway.start(GatewaySettings.defaults().withEventLoops(1), snapshot, exchange -> null, end -> {
            if (end.status() == 200) {
                logged.add(String.valueOf(end.modelSent()));
            }
        });
    }

    /** An entry whose kind of provider the client chooses. */
    private static ModelRoutes entry(String name, int port, String sent) {
        List<RoutedRule> rules = List.of(
                rule("openai", ProviderKinds.OPENAI, port, "/v1", sent),
                rule("anthropic", ProviderKinds.ANTHROPIC, port, "/v1", sent),
                rule("azure", ProviderKinds.AZURE, port, "", sent),
                rule("azure-v1", ProviderKinds.AZURE, port, "/openai/v1", sent));
        return new ModelRoutes(name, List.of(), rules, null);
    }

    private static RoutedRule rule(String word, ProviderKind kind, int port, String base, String sent) {
        Provider provider = TestGateway.provider(kind, "http://127.0.0.1:" + port + base, Duration.ofSeconds(10));
        return new RoutedRule(
                Rule.compile("Headers[\"x-kind\"] == \"" + word + "\""), List.of(new Candidate(provider, sent)));
    }
}
