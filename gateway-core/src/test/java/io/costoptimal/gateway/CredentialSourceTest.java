package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that change, come late or not at all: over real sockets. */
class CredentialSourceTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String WHO = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}";

    private final Scripted source = new Scripted();

    /** A source that gives what the test puts here. */
    private static final class Scripted implements CredentialSource {
        private volatile String now;
        private volatile Duration patience = Duration.ofMinutes(1);
        private volatile RuntimeException defect;
        private final BlockingQueue<CompletableFuture<String>> asked = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();

        @Override
        public String now() {
            if (defect != null) {
                throw defect;
            }
            return now;
        }

        @Override
        public CompletableFuture<String> later() {
            CompletableFuture<String> later = new CompletableFuture<>();
            asked.add(later);
            return later;
        }

        @Override
        public Duration patience() {
            return patience;
        }

        @Override
        public void refused(String credential) {
            refused.add(credential);
        }

        CompletableFuture<String> next() throws InterruptedException {
            CompletableFuture<String> later = asked.poll(20, TimeUnit.SECONDS);
            assertThat(later).as("the source is asked").isNotNull();
            return later;
        }
    }

    private Candidate provider(int port) {
        URI base = URI.create("http://127.0.0.1:" + port + "/v1");
        Provider provider = new Provider(
                "changing", ProviderKinds.OPENAI, base, Provider.Access.by(source), Duration.ofSeconds(10));
        return new Candidate(provider, null);
    }

    private TestGateway start(Candidate... candidates) throws Exception {
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1), TestGateway.routes("gpt-4o", candidates));
    }

    private static Candidate fixed(int port) {
        return new Candidate(TestGateway.provider(port), null);
    }

    @Test
    void sendsWhatTheSourceGivesAtTheTimeOfEachRequest() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(provider(origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            for (String credential : new String[] {"one", "one", "two"}) {
                source.now = credential;
                client.send(chat(BODY));
                assertThat(client.readMessage()).isEqualTo(OK);
            }
            ScriptedOrigin.Connection connection = origin.next();
            assertThat(connection.nextRequest()).containsOnlyOnce("Authorization: Bearer one\r\n");
            assertThat(connection.nextRequest()).containsOnlyOnce("Authorization: Bearer one\r\n");
            assertThat(connection.nextRequest())
                    .containsOnlyOnce("Authorization: Bearer two\r\n")
                    .doesNotContain("one", TestGateway.KEY);
        }
    }

    @Test
    void waitsForACredentialThatIsNotAtHand() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(provider(origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY) + chat(BODY));
            source.next().complete("late");
            assertThat(client.readMessage()).isEqualTo(OK);
            source.next().complete("later");
            assertThat(client.readMessage()).isEqualTo(OK);
            ScriptedOrigin.Connection connection = origin.next();
            assertThat(connection.nextRequest()).contains("Authorization: Bearer late\r\n");
            assertThat(connection.nextRequest()).contains("Authorization: Bearer later\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fails", "gives nothing", "takes too long", "throws"})
    void asksTheNextCandidateWhenTheSource(String what) throws Exception {
        prepare(what);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(provider(9), fixed(origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            end(what);
            assertThat(client.readMessage()).isEqualTo(OK);
            TestGateway.End end = gateway.nextEnd();
            assertThat(end.attempts()).isEqualTo(2);
            assertThat(end.failure()).contains("NO_CREDENTIAL").doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fails", "gives nothing", "takes too long", "throws"})
    void answers503WhenNobodyElseIsThereAndTheSource(String what) throws Exception {
        prepare(what);
        try (TestGateway gateway = start(provider(9));
                RawClient client = RawClient.connect(gateway.port())) {
            for (String path : new String[] {"/v1/chat/completions", "/v1/messages"}) {
                client.send(chat(BODY).replace("/v1/chat/completions", path));
                end(what);
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("\r\nretry-after: 1\r\n", "no credential for the provider")
                        .contains(path.endsWith("messages") ? "overloaded_error" : "server_error")
                        .doesNotContain("s3cret");
                assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
            }
        }
    }

    private void prepare(String what) {
        if (what.equals("takes too long")) {
            source.patience = Duration.ofMillis(1);
        } else if (what.equals("throws")) {
            source.defect = new IllegalStateException("s3cret");
        }
    }

    private void end(String what) throws InterruptedException {
        switch (what) {
            case "fails" -> source.next().completeExceptionally(new IllegalStateException("s3cret"));
            case "gives nothing" -> source.next().complete(null);
            case "takes too long" -> {
                CompletableFuture<String> later = source.next();
                CountDownLatch cancelled = new CountDownLatch(1);
                later.whenComplete((got, failure) -> cancelled.countDown());
                assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
            }
            default -> {}
        }
    }

    @Test
    void isToldOfACredentialThatWasRefused() throws Exception {
        source.now = "stale";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(WHO));
                TestGateway gateway = start(provider(origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ").contains("x-should-retry: false");
            assertThat(source.refused.poll(20, TimeUnit.SECONDS)).isEqualTo("stale");
        }
    }

    @Test
    void isNotWaitedForByAClientThatHasLeft() throws Exception {
        try (TestGateway gateway = start(provider(9));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            CompletableFuture<String> later = source.next();
            CountDownLatch cancelled = new CountDownLatch(1);
            later.whenComplete((got, failure) -> cancelled.countDown());
            client.rst();
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
        }
    }

    @Test
    void sendsNothingOfACredentialThatWouldBeginALine() throws Exception {
        source.now = "s3cret\r\nx: y";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(provider(origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 500 ").doesNotContain("s3cret");
            source.now = "good";
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
        }
    }
}
