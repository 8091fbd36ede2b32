package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an embedder's code throws ends the exchange that met it and nothing else (trap 58). */
class DefectsTest {

    private static final String GOOD = "{\"model\":\"gpt-4o\"}";
    private static final String POISON = "{\"model\":\"poison\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String STREAM = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    static Stream<Arguments> throwables() {
        return Stream.of(
                Arguments.of("an exception", new IllegalStateException("a defect")),
                Arguments.of("an error", new AssertionError("a defect")),
                Arguments.of("no stack left", new StackOverflowError()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("throwables")
    void routesThatThrowEndOneExchange(String name, Throwable defect) throws Exception {
        poisoned((facts, tokens) -> sneak(defect));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("throwables")
    void routesThatThrowWhenTokensAreCountedEndOneExchange(String name, Throwable defect) throws Exception {
        // Asked with bounds that cannot be tightened, it wants more; asked with a source that counts, it breaks.
        poisoned((facts, tokens) -> tokens.countPast(0) ? sneak(defect) : null);
    }

    /** Sends a request whose routing breaks while another client's stream runs, and then a good one. */
    private static void poisoned(Deciding poison) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(STREAM + "1\r\na\r\n");
                            connection.readUntil("go on");
                            connection.send("0\r\n\r\n");
                        },
                        ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin, poison);
                RawClient streaming = RawClient.connect(gateway.port());
                RawClient client = RawClient.connect(gateway.port())) {
            streaming.send(chat(GOOD));
            streaming.readUntil("\r\na\r\n");
            client.send(chat(POISON));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 500 ")
                    .contains("\"type\":\"server_error\"")
                    .doesNotContain("defect", "Exception");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.GATEWAY_ERROR);
            client.send(chat(GOOD));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(gateway.unclaimedEnds()).as("the stream runs on").isZero();
        }
    }

    @Test
    void keysThatThrowRefuseOneExchange() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin, presented -> {
                    throw new IllegalStateException("a defect");
                });
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(GOOD));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ").doesNotContain("defect");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(origin.connections()).isEmpty();
        }
    }

    static Stream<Arguments> localServices() {
        return Stream.<Arguments>of(
                service("nothing", exchange -> null),
                service("no body", exchange -> new LocalAnswer(200, "text/plain", null)),
                service("no status", exchange -> new LocalAnswer(0, "text/plain", new byte[0])),
                service("a line end in a field", exchange -> new LocalAnswer(200, "a/b\r\nx: y", new byte[0])));
    }

    private static Arguments service(String name, LocalService service) {
        return Arguments.of(name, service);
    }

    @ParameterizedTest(name = "answers {0}")
    @MethodSource("localServices")
    void aLocalServiceThatAnswersNonsenseEndsOneExchange(String name, LocalService service) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1),
                        TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port())),
                        service,
                        GatewayListener.NONE);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 500 ");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.GATEWAY_ERROR);
            client.send(chat(GOOD));
            assertThat(client.readMessage()).isEqualTo(OK);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("throwables")
    void aListenerThatThrowsHurtsNobody(String name, Throwable defect) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1),
                        TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port())),
                        exchange -> new LocalAnswer(200, "text/plain", new byte[0]),
                        exchange -> sneak(defect));
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(chat(GOOD));
                assertThat(client.readMessage()).isEqualTo(OK);
                assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @FunctionalInterface
    private interface Deciding {
        Decision decide(RoutingFacts facts, TokenSource tokens);
    }

    private static TestGateway start(ScriptedOrigin origin, Deciding poison) throws Exception {
        Snapshot good = TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port()));
        Routes routes = new Routes() {
            @Override
            public String resolve(String asked) {
                return good.routes().resolve(asked);
            }

            @Override
            public Decision decide(RoutingFacts facts, TokenSource tokens) {
                return facts.model().equals("poison")
                        ? poison.decide(facts, tokens)
                        : good.routes().decide(facts, tokens);
            }

            @Override
            public Set<String> countedModels() {
                return Set.of();
            }
        };
        return start(new Snapshot(good.keys(), routes));
    }

    private static TestGateway start(ScriptedOrigin origin, Keys keys) throws Exception {
        return start(new Snapshot(
                keys,
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port()))
                        .routes()));
    }

    private static TestGateway start(Snapshot snapshot) throws Exception {
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                snapshot,
                exchange -> new LocalAnswer(200, "text/plain", new byte[0]),
                GatewayListener.NONE);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable, R> R sneak(Throwable defect) throws T {
        throw (T) defect;
    }
}
