package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Accounted.Source;
import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.tokens.TokenCounter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is told of tokens that no provider told, through a whole gateway. */
class UsageCountedTest {

    private static final String BODY =
            "{\"model\":\"gpt-4o\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"How do you do?\"}]}";
    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    private final BlockingQueue<List<Attempt>> seen = new LinkedBlockingQueue<>();

    private final GatewayListener listener = new GatewayListener() {
        @Override
        public void exchangeEnded(ExchangeReport exchange) {
            seen.add(List.copyOf(exchange.history()));
        }

        @Override
        public boolean wantsUsageCounted() {
            return true;
        }
    };

    private static long inputOf(String body) {
        return TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, "gpt-4o", body.getBytes(UTF_8));
    }

    private static String delta(String text) {
        return "data: {\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }

    private TestGateway gateway(RouteTable routes) throws Exception {
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1), TestGateway.snapshot(routes), local -> null, listener);
    }

    private List<Accounted> exchange(String body, int... ports) throws Exception {
        try (TestGateway gateway = gateway(TestGateway.routes("gpt-4o", null, ports));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(body));
            client.readMessage();
            return used();
        }
    }

    private List<Accounted> used() throws InterruptedException {
        return seen.poll(30, TimeUnit.SECONDS).stream().map(Attempt::accounted).toList();
    }

    @Test
    void aStreamWithoutUsageIsCountedFromTheBodyAndFromItsText() throws Exception {
        String text = "Very well, thank you.";
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send(EVENTS + delta("Very") + delta(" well, thank") + delta(" you.") + "data: [DONE]\n\n");
        })) {
            Accounted used = exchange(BODY, origin.port()).get(0);

            assertThat(used.source()).isEqualTo(Source.COUNTED);
            assertThat(used.usage()).isEqualTo(Usage.of(inputOf(BODY), 6));
            assertThat(text).hasSize(21);
        }
    }

    @Test
    void aModelOfAnotherVendorIsEstimated() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(EVENTS + delta("Very well, thank you."));
                });
                TestGateway gateway = gateway(TestGateway.routes("gpt-4o", "claude-x", origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            client.readMessage();

            assertThat(used().get(0).source()).isEqualTo(Source.ESTIMATED);
        }
    }

    @Test
    void aSilentProviderMayHaveUsedTheInputAndTheMostOutput() throws Exception {
        try (ScriptedOrigin silent = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.fin();
                });
                ScriptedOrigin good =
                        ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 51\r\n\r\n"
                                + "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}"))) {
            List<Accounted> used = exchange(BODY, silent.port(), good.port());

            assertThat(used.get(0)).isEqualTo(new Accounted(null, Source.NONE, null, Usage.of(inputOf(BODY), 50)));
            assertThat(used.get(1).source()).isEqualTo(Source.REPORTED);
            assertThat(used.get(1).usage()).isEqualTo(Usage.of(7, 2));
        }
    }

    @Test
    void vectorsWithoutUsageAreChargedForTheirInput() throws Exception {
        String body = "{\"model\":\"gpt-4o\",\"input\":\"How do you do?\"}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"data\":[]}"));
                TestGateway gateway = gateway(TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(body).replace("/v1/chat/completions", "/v1/embeddings"));
            client.readMessage();

            long input = TokenCounter.count(StandardOperations.EMBEDDINGS, "gpt-4o", body.getBytes(UTF_8));
            assertThat(used()).containsExactly(new Accounted(Usage.of(input, 0), Source.COUNTED, null, null));
        }
    }

    @Test
    void aCutDocumentIsCountedAsFarAsItCame() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
                    + "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Very well, thank");
        })) {
            try (TestGateway gateway = gateway(TestGateway.routes("gpt-4o", null, origin.port()));
                    RawClient client = RawClient.connect(gateway.port())) {
                client.send(chat(BODY));
                Accounted used = used().get(0);

                assertThat(used.source()).isEqualTo(Source.COUNTED);
                assertThat(used.usage()).isEqualTo(Usage.of(inputOf(BODY), 4));
            }
        }
    }

    @Test
    void theOutputIsCountedOfADocumentThatTellsOnlyItsInput() throws Exception {
        String answer =
                "{\"choices\":[{\"message\":{\"content\":\"Very well, thank you.\"}}],\"usage\":{\"prompt_tokens\":7}}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(
                "HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer))) {
            Accounted used = exchange(BODY, origin.port()).get(0);

            assertThat(used.source()).isEqualTo(Source.COUNTED);
            assertThat(used.usage()).isEqualTo(Usage.of(7, 6));
        }
    }

    @Test
    void anotherServiceTierIsToldOfAnAnswerThatIsCounted() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send(EVENTS + delta("Very well, thank you.")
                    + "data: {\"service_tier\":\"flex\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}}\n\n"
                    + "data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
        })) {
            Accounted used = exchange(BODY, origin.port()).get(0);

            assertThat(used.source()).isEqualTo(Source.COUNTED);
            assertThat(used.usage())
                    .isEqualTo(new Usage(
                            Usage.of(7, 9).input(),
                            Usage.of(7, 9).output(),
                            List.of(new Usage.Extra(Usage.Extra.Kind.SERVICE_TIER, NameHash.of("flex"), 1))));
        }
    }

    @Test
    void aDrainWaitsForWhatIsBeingCounted() throws Exception {
        String body = BODY.replace("How do you do?", "How do you do? ".repeat(200_000));
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(EVENTS + delta("Very well, thank you.") + "data: [DONE]\n\n");
                });
                TestGateway gateway = gateway(TestGateway.routes("gpt-4o", null, origin.port()))) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(chat(body));
                client.readMessage();
            }

            assertThat(gateway.gateway().drain(Duration.ofSeconds(30)).get(60, TimeUnit.SECONDS))
                    .isTrue();

            assertThat(seen).hasSize(1);
            assertThat(used().get(0).source()).isEqualTo(Source.COUNTED);
        }
    }

    @Test
    void whatIsBeingCountedWhenTheGatewayClosesIsToldAllTheSame() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        String body = BODY.replace("How do you do?", "How do you do? ".repeat(200_000));
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send(EVENTS + delta("Very well, thank you."));
            left.await();
        })) {
            TestGateway gateway = gateway(TestGateway.routes("gpt-4o", null, origin.port()));
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(chat(body));
                client.readUntil("thank you");
                left.countDown();
                client.readToEnd();
            }
            gateway.close();

            assertThat(seen).hasSize(1);
            Accounted used = used().get(0);
            assertThat(used.source()).isIn(Source.COUNTED, Source.ESTIMATED);
            assertThat(used.usage().output().tokens()).isPositive();
        }
    }
}
