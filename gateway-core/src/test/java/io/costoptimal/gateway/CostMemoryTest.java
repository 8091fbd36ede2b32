package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.ModelPriceBuilder;
import io.costoptimal.gateway.cost.PriceTable;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the cheapest choice learns from answers, over real sockets. */
@Timeout(30)
class CostMemoryTest {

    private static final String FAILS = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";

    private final CostMemory memory = new CostMemory(() -> 0);
    private boolean affinity = true;

    private static String answer(String from, long input, long cached, long output) {
        String body = "{\"from\":\"" + from + "\",\"usage\":{\"prompt_tokens\":" + input + ",\"completion_tokens\":"
                + output + ",\"prompt_tokens_details\":{\"cached_tokens\":" + cached + "}}}";
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    /** An origin that gives these answers to one connection, in order. */
    private static ScriptedOrigin origin(String... answers) throws IOException {
        return ScriptedOrigin.start(connection -> {
            for (String answer : answers) {
                connection.readRequest();
                connection.send(answer);
            }
        });
    }

    private static ModelPriceBuilder price(long input, long output) {
        return ModelPrice.builder()
                .tokenizer("o200k_base")
                .price(TokenClass.INPUT, input * 1_000_000_000)
                .price(TokenClass.OUTPUT, output * 1_000_000_000);
    }

    private Snapshot snapshot(Map<ScriptedOrigin, ModelPriceBuilder> prices, ScriptedOrigin... origins) {
        List<Candidate> candidates = List.of(origins).stream()
                .map(origin -> new Candidate(TestGateway.provider(origin.port()), null))
                .toList();
        RouteTable table = new RouteTable(
                Map.of(),
                List.of(new ModelRoutes("m", candidates, new Strategy.Cheapest(affinity), List.of(), null)),
                null,
                RetryOn.ALL);
        Map<String, PriceTable.Listed> listed = new HashMap<>();
        prices.forEach((origin, price) -> {
            Provider provider = TestGateway.provider(origin.port());
            listed.put(provider.id(), new PriceTable.Listed(Map.of("m", price.build()), null));
        });
        Prices known = new PriceTable(listed);
        Principal owner = new Principal("test", Principal.Role.CLIENT);
        return new Snapshot(KeyRing.of(List.of(KeyEntry.of(TestGateway.KEY, owner))), new Router(table, known, memory))
                .with(known);
    }

    private TestGateway start(Snapshot snapshot) throws IOException {
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                snapshot,
                exchange -> new LocalAnswer(200, "text/plain", new byte[0]),
                memory::exchangeEnded);
    }

    private static String ask(TestGateway gateway, RawClient client, String body) throws Exception {
        client.send(TestGateway.chat(body));
        String answer = client.readMessage();
        gateway.nextEnd();
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static String turn(String topic, int turns) {
        return "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"system\",\"content\":\""
                + topic.repeat(3000) + "\"}" + ",{\"role\":\"user\",\"content\":\"go on\"}".repeat(turns) + "]}";
    }

    @Test
    void aConversationStaysWithWhoeverAnsweredItWhileItsCacheSavesMoreThanAnotherIsCheaper() throws Exception {
        try (ScriptedOrigin cheaper = origin(FAILS, answer("cheaper", 3000, 0, 1));
                ScriptedOrigin caching = origin(answer("caching", 3000, 0, 1), answer("caching", 3010, 2900, 1));
                TestGateway gateway = start(snapshot(
                        Map.of(cheaper, price(2, 1), caching, price(3, 1).price(TokenClass.CACHED_INPUT, 300_000_000)),
                        caching,
                        cheaper));
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(ask(gateway, client, turn("a", 1))).as("failed over").contains("caching");
            assertThat(ask(gateway, client, turn("a", 2))).as("stays").contains("caching");
            assertThat(ask(gateway, client, turn("b", 1)))
                    .as("another conversation")
                    .contains("cheaper");
        }
    }

    @Test
    void withoutAffinityEachRequestGoesWhereItIsCheapestByItself() throws Exception {
        affinity = false;
        try (ScriptedOrigin cheaper = origin(FAILS, answer("cheaper", 3000, 0, 1));
                ScriptedOrigin caching = origin(answer("caching", 3000, 0, 1));
                TestGateway gateway = start(snapshot(
                        Map.of(cheaper, price(2, 1), caching, price(3, 1).price(TokenClass.CACHED_INPUT, 300_000_000)),
                        caching,
                        cheaper));
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(ask(gateway, client, turn("a", 1))).contains("caching");
            assertThat(ask(gateway, client, turn("a", 2))).contains("cheaper");
        }
    }

    @Test
    void howLongAnswersAreIsLearnedAndOutlivesAReload() throws Exception {
        String question = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"yes or no?\"}]}";
        try (ScriptedOrigin talker = origin(answer("dear output", 20, 0, 1), answer("dear output", 20, 0, 1));
                ScriptedOrigin listener = origin(answer("dear input", 20, 0, 1))) {
            Map<ScriptedOrigin, ModelPriceBuilder> prices =
                    Map.of(talker, price(1, 20), listener, price(4, 10).fee(20_000));
            try (TestGateway gateway = start(snapshot(prices, talker, listener));
                    RawClient client = RawClient.connect(gateway.port())) {
                assertThat(ask(gateway, client, question)).as("a usual length").contains("dear input");
                assertThat(ask(gateway, client, question)).as("a word").contains("dear output");
                gateway.gateway().reload(snapshot(prices, listener, talker));
                assertThat(ask(gateway, client, question)).contains("dear output");
            }
        }
    }
}
