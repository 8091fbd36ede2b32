package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Reload, drain, counting and slow clients, on the whole engine. */
class GatewayLifeTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";

    private static String answer(String text) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    @Test
    void aReloadCountsForTheNextRequestAndKeepsConnections() throws Exception {
        try (ScriptedOrigin one = ScriptedOrigin.start(ScriptedOrigin.answering(answer("one")));
                ScriptedOrigin two = ScriptedOrigin.start(ScriptedOrigin.answering(answer("two")));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, one.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).endsWith("one");
            gateway.gateway().reload(TestGateway.snapshot(TestGateway.routes("gpt-4o", null, two.port())));
            client.send(chat(BODY));
            assertThat(client.readMessage()).endsWith("two");
            gateway.gateway().reload(TestGateway.snapshot(TestGateway.routes("gpt-4o", null, one.port())));
            client.send(chat(BODY));
            assertThat(client.readMessage()).endsWith("one");
            assertThat(one.connections())
                    .as("the first provider's connection outlived two reloads")
                    .hasSize(1);
        }
    }

    @Test
    void drainingLetsAStreamEndAndClosesIdleConnections() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
                    connection.await(gate);
                    connection.send("1\r\nb\r\n0\r\n\r\n");
                    connection.readToEnd();
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient idle = RawClient.connect(gateway.port());
                RawClient streaming = RawClient.connect(gateway.port())) {
            streaming.send(chat(BODY));
            streaming.readUntil("\r\na\r\n");
            CompletableFuture<Boolean> drained = gateway.gateway().drain(Duration.ofSeconds(60));
            assertThat(idle.readToEnd()).isEmpty();
            assertThat(idle.end()).isEqualTo(Wire.End.FIN);
            // The listening socket closes on its own loop, soon; who slips in until then is closed at once.
            assertThatThrownBy(() -> {
                        while (true) {
                            try (RawClient late = RawClient.connect(gateway.port())) {
                                assertThat(late.readToEnd()).isEmpty();
                            }
                        }
                    })
                    .isInstanceOf(IOException.class);
            gate.countDown();
            assertThat(streaming.readToEnd()).isEqualTo("1\r\nb\r\n0\r\n\r\n");
            assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void anAnnouncedDrainServesEverybodyAndEndsEachConnectionWithItsNextAnswer() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer("ok")));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient idle = RawClient.connect(gateway.port());
                RawClient used = RawClient.connect(gateway.port())) {
            used.send(chat(BODY));
            assertThat(used.readMessage()).isEqualTo(answer("ok"));
            gateway.gateway().announceDrain();
            try (RawClient late = RawClient.connect(gateway.port())) {
                for (RawClient client : List.of(idle, used, late)) {
                    client.send(chat(BODY));
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").contains("\r\nconnection: close\r\n");
                    assertThat(client.readToEnd()).isEmpty();
                    assertThat(client.end()).isEqualTo(Wire.End.FIN);
                }
            }
        }
    }

    @Test
    void aClientThatWasNotToldInItsLastAnswerHasOneMoreRequest() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
                    connection.await(gate);
                    connection.send("1\r\nb\r\n0\r\n\r\n");
                    connection.readRequest();
                    connection.send(answer("ok"));
                    connection.readToEnd();
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            client.readUntil("\r\na\r\n");
            gateway.gateway().announceDrain();
            gate.countDown();
            client.readUntil("0\r\n\r\n");
            client.send(chat(BODY));
            assertThat(client.readMessage()).contains("\r\nconnection: close\r\n");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void whatIsIdleAfterAHandOverIsClosedWhenItsTimeIsOver() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer("ok")));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient idle = RawClient.connect(gateway.port())) {
            idle.send(chat(BODY));
            assertThat(idle.readMessage()).isEqualTo(answer("ok"));
            CompletableFuture<Boolean> left = gateway.gateway().handOver(Duration.ofMillis(1));
            assertThat(idle.readToEnd()).isEmpty();
            assertThat(idle.end()).isEqualTo(Wire.End.FIN);
            idle.fin();
            assertThat(left.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatOutlivesTheGraceIsAbortedAndNotEnded() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
                    connection.readToEnd();
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient streaming = RawClient.connect(gateway.port())) {
            streaming.send(chat(BODY));
            streaming.readUntil("\r\na\r\n");
            assertThat(gateway.gateway().drain(Duration.ofMillis(1)).get(20, TimeUnit.SECONDS))
                    .isFalse();
            assertThat(streaming.readToEnd()).isEmpty();
            assertThat(streaming.end()).isEqualTo(Wire.End.RST);
            assertThat(gateway.nextEnd().outcome())
                    .as("it was not the client who left")
                    .isEqualTo(Outcome.TRUNCATED);
        }
    }

    @Test
    void countsTokensOnlyForTheRequestThatNeedsIt() throws Exception {
        try (ScriptedOrigin small = ScriptedOrigin.start(ScriptedOrigin.answering(answer("small")));
                ScriptedOrigin large = ScriptedOrigin.start(ScriptedOrigin.answering(answer("large")));
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1),
                        new RouteTable(
                                Map.of(),
                                List.of(new ModelRoutes(
                                        "gpt-4o",
                                        List.of(new Candidate(TestGateway.provider(small.port()), null)),
                                        List.of(new RoutedRule(
                                                Rule.compile("TokenCount > 1000"),
                                                List.of(new Candidate(TestGateway.provider(large.port()), null)))),
                                        null)),
                                null,
                                RetryOn.ALL));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(prompt("word ", 100)) + chat(prompt("word ", 900)) + chat(prompt("word ", 1100)));
            assertThat(client.readMessage())
                    .as("500 bytes cannot be 1000 tokens")
                    .endsWith("small");
            assertThat(client.readMessage()).as("counted").endsWith("small");
            assertThat(client.readMessage()).as("counted").endsWith("large");
        }
    }

    private static String prompt(String word, int times) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + word.repeat(times) + "\"}],\"model\":\"gpt-4o\"}";
    }

    /** Trap 23. The provider can only send what the client reads, beyond what sockets and watermarks hold. */
    @Test
    void aSlowClientSlowsTheProviderInsteadOfFillingTheGateway() throws Exception {
        int chunk = 64 * 1024;
        String data = "x".repeat(chunk);
        int chunks = 1600;
        long[] sent = new long[1];
        CountDownLatch finished = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.socket().setSendBufferSize(chunk);
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) chunk * chunks + "\r\n\r\n");
                    for (int i = 0; i < chunks; i++) {
                        connection.send(data);
                        synchronized (sent) {
                            sent[0] += chunk;
                        }
                    }
                    finished.countDown();
                    connection.readToEnd();
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port(), 4096)) {
            client.send(chat(BODY));
            client.readUntil("\r\n\r\n");
            awaitStandstill(sent);
            synchronized (sent) {
                assertThat(sent[0])
                        .as("of 100 MB, while the client reads nothing")
                        .isLessThan(16L * 1024 * 1024);
            }
            long read = client.drain((long) chunk * chunks);
            assertThat(read).isEqualTo((long) chunk * chunks);
            finished.await();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    /** Waits until the provider has not been able to send for a while. */
    private static void awaitStandstill(long[] sent) throws InterruptedException {
        long before = -1;
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            long now;
            synchronized (sent) {
                now = sent[0];
            }
            if (now == before && now > 0) {
                return;
            }
            before = now;
            never.await(300, TimeUnit.MILLISECONDS);
        }
    }
}
