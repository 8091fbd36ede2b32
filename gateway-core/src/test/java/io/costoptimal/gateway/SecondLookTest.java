package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFields;
import io.costoptimal.gateway.exchange.SecondLook;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embedders that refuse or change what was decided, at once or later: over real sockets. */
class SecondLookTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Rejection LIMITED = Rejection.tooMany("Slowly, please.", Duration.ofMillis(6001));

    private final BlockingQueue<CompletableFuture<Decision>> looks = new LinkedBlockingQueue<>();
    private final BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();
    private Duration patience = Duration.ofMinutes(1);

    private final SecondLook later = new SecondLook() {
        @Override
        public CompletableFuture<Decision> look(Decision decided, ExchangeReport exchange, RequestFields fields) {
            CompletableFuture<Decision> look = new CompletableFuture<>();
            decisions.add(decided);
            looks.add(look);
            return look;
        }

        @Override
        public Duration patience() {
            return patience;
        }
    };

    private TestGateway start(SecondLook look, int... ports) throws Exception {
        Snapshot plain = TestGateway.snapshot(TestGateway.routes("gpt-4o", null, ports));
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(plain.keys(), plain.routes().with(look)),
                exchange -> {
                    throw new AssertionError("nothing local is asked");
                },
                GatewayListener.NONE);
    }

    private CompletableFuture<Decision> look() throws InterruptedException {
        CompletableFuture<Decision> look = looks.poll(20, TimeUnit.SECONDS);
        assertThat(look).as("a look").isNotNull();
        return look;
    }

    @Test
    void refusesAtOnceInTheWordsOfTheClientsApiAndKeepsTheConnection() throws Exception {
        SecondLook limiter = (decided, exchange, fields) -> "fine".equals(fields.get("x-mood"))
                ? null
                : CompletableFuture.completedFuture(decided.refused("limiter", LIMITED));
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(limiter, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 429 ")
                    .contains("\r\nretry-after: 7\r\n", "\"type\":\"rate_limit_error\"", "Slowly, please.")
                    .doesNotContain("x-should-retry", "connection: close");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);

            client.send(chat(BODY).replace("/v1/chat/completions", "/v1/messages"));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 429 ")
                    .contains("\r\nretry-after: 7\r\n", "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"");
            assertThat(origin.connections()).isEmpty();

            client.send(chat(BODY).replace("\r\n\r\n", "\r\nX-Mood: fine\r\n\r\n"));
            assertThat(client.readMessage()).isEqualTo(OK);
        }
    }

    @ParameterizedTest
    @CsvSource({"403, permission_error", "402, billing_error", "404, not_found_error", "503, overloaded_error"})
    void refusesWithAnyErrorStatus(int status, String type) throws Exception {
        Rejection why = new Rejection(status, "by_us", null, "No.", Map.of("x-why", "because"));
        try (TestGateway gateway = start(
                        (decided, exchange, fields) -> CompletableFuture.completedFuture(decided.refused("us", why)),
                        9);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY).replace("/v1/chat/completions", "/v1/messages"));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\r\nx-why: because\r\n", type);
        }
    }

    @Test
    void waitsForWhatIsDecidedLaterWhichMayBeSomebodyElse() throws Exception {
        try (ScriptedOrigin first = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                ScriptedOrigin second = ScriptedOrigin.start(ScriptedOrigin.answering(OK.replace("ok", "2.")));
                TestGateway gateway = start(later, first.port(), second.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY) + chat(BODY));
            CompletableFuture<Decision> look = look();
            assertThat(looks).as("the request behind waits").isEmpty();
            Decision decided = decisions.take();
            look.complete(
                    decided.with(Choice.ordered(List.of(decided.candidates().get(1)))));
            assertThat(client.readMessage()).endsWith("2.");

            look().complete(decided.refused("later", LIMITED));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 429 ");
            assertThat(first.connections()).isEmpty();
        }
    }

    @Test
    void answers503WhenTheLookFailsOrTakesTooLong() throws Exception {
        try (TestGateway gateway = start(later, 9);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            look().completeExceptionally(new IllegalStateException("no database"));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nretry-after: 1\r\n")
                    .doesNotContain("database");

            patience = Duration.ofMillis(1);
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ");
            assertThat(look()).isCancelled();
        }
    }

    @Test
    void answers503WhenTheLookThrowsOrSaysNothing() throws Exception {
        SecondLook broken = (decided, exchange, fields) -> {
            if (fields.get("x-null") == null) {
                throw new IllegalStateException("an embedder's defect");
            }
            return CompletableFuture.completedFuture(null);
        };
        try (TestGateway gateway = start(broken, 9);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ").contains("\r\nretry-after: 1\r\n");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
            client.send(chat(BODY).replace("\r\n\r\n", "\r\nX-Null: 1\r\n\r\n"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ").contains("\r\nretry-after: 1\r\n");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);

            patience = null;
        }
        try (TestGateway gateway = start(later, 9);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void isCancelledWhenTheClientLeaves() throws Exception {
        try (TestGateway gateway = start(later, 9);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            CompletableFuture<Decision> look = look();
            CountDownLatch cancelled = new CountDownLatch(1);
            look.whenComplete((decision, failure) -> cancelled.countDown());
            client.rst();
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
        }
    }

    @Test
    void isNotAskedAboutRequestsThatNobodyServes() throws Exception {
        try (TestGateway gateway = start(later, 9);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat("{\"model\":\"nobody's\"}"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ");
            assertThat(looks).isEmpty();
        }
    }
}
