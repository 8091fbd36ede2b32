package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a request, over real sockets: by cost, by lot, and nobody. */
class StrategiesTest {

    private static final String FAILS = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
    private static final String TOO_LONG_BODY = "{\"error\":{\"code\":\"context_length_exceeded\"}}";
    private static final String TOO_LONG = "HTTP/1.1 400 No\r\nContent-Type: application/json\r\nContent-Length: "
            + TOO_LONG_BODY.length() + "\r\n\r\n" + TOO_LONG_BODY;

    private final BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    private ScriptedOrigin dear;
    private ScriptedOrigin middle;
    private ScriptedOrigin cheap;

    private String dearSays = answer("dear");
    private String middleSays = answer("middle");
    private String cheapSays = answer("cheap");

    private static String answer(String name) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name;
    }

    @BeforeEach
    void start() throws IOException {
        dear = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send(dearSays);
        });
        middle = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send(middleSays);
        });
        cheap = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send(cheapSays);
        });
    }

    @AfterEach
    void stop() throws Exception {
        dear.close();
        middle.close();
        cheap.close();
    }

    @Test
    void theCheapestIsAskedFirstWhateverTheOrderOfTheList() throws Exception {
        assertThat(ask(new Strategy.Cheapest(true), "hi")).isEqualTo("cheap");

        Choice choice = decisions.take().choice();
        assertThat(choice.certainty()).isEqualTo(Choice.Certainty.PROVEN);
        assertThat(choice.candidates()).hasSize(3);
        assertThat(choice.cost().regret()).isZero();
    }

    @Test
    void theListIsFollowedWhereNobodyAsksForCosts() throws Exception {
        assertThat(ask(Strategy.ORDERED, "hi")).isEqualTo("dear");
        assertThat(decisions.take().choice().certainty()).isEqualTo(Choice.Certainty.ORDERED);
    }

    @Test
    void theNextCheapestIsAskedWhenTheCheapestFails() throws Exception {
        cheapSays = FAILS;

        assertThat(ask(new Strategy.Cheapest(true), "hi")).isEqualTo("middle");
    }

    /** Cheap holds 1000 tokens: 3000 words are more, whatever their bytes. */
    @Test
    void aLongRequestIsSentWhereItFits() throws Exception {
        assertThat(ask(new Strategy.Cheapest(true), "word ".repeat(3000))).isEqualTo("middle");

        Decision decision = decisions.take();
        assertThat(decision.candidates()).hasSize(2);
        assertThat(decision.tokens().counted()).isTrue();
        assertThat(decision.choice().certainty()).isEqualTo(Choice.Certainty.COUNTED);
    }

    @Test
    void aRequestThatWasTooLongAfterAllGoesToWhoeverHoldsMore() throws Exception {
        dearSays = TOO_LONG;

        assertThat(ask(Strategy.ORDERED, "hi"))
                .as("dear holds 8000 tokens, middle as many, cheap 1000")
                .isEqualTo(TOO_LONG_BODY);
    }

    @Test
    void someOfTheCandidatesComeLastByTheirWeight() throws Exception {
        dearSays = FAILS;

        assertThat(ask(new Strategy.Weighted(List.of(0, 0, 1)), "hi")).isEqualTo("cheap");
        cheapSays = FAILS;
        assertThat(ask(new Strategy.Weighted(List.of(0, 0, 1)), "hi")).isEqualTo("middle");
    }

    @Test
    void aRuleRefusesWhatItMatchesAndNobodyIsAsked() throws Exception {
        RoutedRule rule = new RoutedRule(
                Rule.compile("MaxTokens > 5 && Hour in 0..23"), Rejection.byRule(422, "At most 5 tokens."));
        ModelRoutes model = new ModelRoutes("m", candidates(), List.of(rule), null);

        try (TestGateway gateway = gateway(model);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat("{\"model\":\"m\",\"max_tokens\":6}"));
            String refused = client.readMessage();
            assertThat(refused)
                    .startsWith("HTTP/1.1 422 ")
                    .contains("x-should-retry: false")
                    .contains("\"message\":\"At most 5 tokens.\"", "\"code\":\"rejected_by_rule\"");
            TestGateway.End end = gateway.nextEnd();
            assertThat(end.outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(end.attempts()).isZero();
            assertThat(decisions.take().matched()).startsWith("rule 1: MaxTokens > 5");
            client.send(TestGateway.chat("{\"model\":\"m\",\"max_tokens\":5}"));
            assertThat(client.readMessage()).as("on the same connection").endsWith("dear");
        }
    }

    private String ask(Strategy strategy, String content) throws Exception {
        ModelRoutes model = new ModelRoutes("m", candidates(), strategy, List.of(), null);
        try (TestGateway gateway = gateway(model);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(
                    "{\"model\":\"m\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"" + content
                            + "\"}]}"));
            String answer = client.readMessage();
            gateway.nextEnd();
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    /** The dearest first. */
    private List<Candidate> candidates() {
        return List.of(dear, middle, cheap).stream()
                .map(origin -> new Candidate(TestGateway.provider(origin.port()), null))
                .toList();
    }

    private TestGateway gateway(ModelRoutes model) throws IOException {
        RouteTable table = new RouteTable(Map.of(), List.of(model), null, RetryOn.ALL);
        Map<String, Price> known = Map.of(
                candidates().get(0).provider().id(), price(5, 8000),
                candidates().get(1).provider().id(), price(3, 8000),
                candidates().get(2).provider().id(), price(1, 1000));
        Prices prices = (provider, sent) -> known.get(provider.id());
        Principal owner = new Principal("test", Principal.Role.CLIENT);
        Snapshot snapshot = new Snapshot(
                        KeyRing.of(List.of(KeyEntry.of(TestGateway.KEY, owner))),
                        new Router(table, prices, CostMemory.UNTOLD))
                .with(prices);
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                snapshot,
                exchange -> new LocalAnswer(200, "text/plain", new byte[0]),
                exchange -> decisions.add(exchange.decision()));
    }

    private static Price price(long dollars, long window) {
        return ModelPrice.builder()
                .model("acme/m")
                .tokenizer("o200k_base")
                .window(window)
                .price(TokenClass.INPUT, dollars * 1_000_000_000)
                .price(TokenClass.OUTPUT, dollars * 5_000_000_000L)
                .build();
    }
}
