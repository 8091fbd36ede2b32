package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients whose keys are in a database: over real sockets, with answers that come on another thread. */
class KeysFromElsewhereTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String EXPECTING = chat(BODY).replace("\r\n\r\n" + BODY, "\r\nExpect: 100-continue\r\n\r\n");
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Principal OWNER = new Principal("owner", Principal.Role.CLIENT);

    private final BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
    private Duration patience = Duration.ofMinutes(1);
    /** Thrown by what it names. */
    private volatile String defect = "";

    private final Keys keys = new Keys() {
        @Override
        public Principal find(CharSequence presented) {
            fail("find");
            return null;
        }

        @Override
        public CompletableFuture<Principal> findLater(String presented) {
            if (!searches.isEmpty()) {
                fail("findLater");
            }
            CompletableFuture<Principal> search = new CompletableFuture<>();
            searches.add(search);
            return search;
        }

        @Override
        public Duration patience() {
            fail("patience");
            return patience;
        }
    };

    private void fail(String where) {
        if (defect.equals(where)) {
            throw new RejectedExecutionException("the queue is full");
        }
    }

    /** A full queue in front of a database throws, where a future would fail. */
    @ParameterizedTest
    @ValueSource(strings = {"find", "findLater", "patience"})
    void answers503WhenWhatLooksForKeysThrows(String where) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            defect = where;
            client.send(chat(BODY).replace("\r\n\r\n", "\r\nX-Api-Key: another\r\n\r\n"));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nretry-after: 1\r\n")
                    .doesNotContain("queue");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
            searches.forEach(search -> assertThat(search).as("nobody waits").isCancelled());
            assertThat(searches).hasSize(where.equals("find") ? 0 : where.equals("findLater") ? 1 : 2);
        }
    }

    @Test
    void asksForTheBodyOnceTheKeyIsKnownAndHoldsNothingBefore() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(EXPECTING);
            CompletableFuture<Principal> search = search();
            assertThat(gateway.gateway().counts().memory().bodies().held()).isZero();
            assertThat(client.socket().getInputStream().available()).isZero();
            search.complete(OWNER);

            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            client.send(BODY);
            assertThat(client.readMessage()).isEqualTo(OK);
        }
    }

    @Test
    void takesABodyThatCameWithItsHead() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(chat(BODY));
                search().complete(OWNER);
                assertThat(client.readMessage()).isEqualTo(OK);
            }
        }
    }

    @Test
    void servesPipelinedRequestsInOrderBehindOneWhoseKeyIsNotKnownYet() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY) + "GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n" + chat(BODY));
            CompletableFuture<Principal> first = search();
            assertThat(searches).as("nobody looks at the request behind").isEmpty();
            first.complete(OWNER);

            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(client.readMessage()).endsWith("fine");
            search().complete(null);
            assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void cancelsTheSearchForAClientThatLeaves() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(EXPECTING);
            CompletableFuture<Principal> search = search();
            CountDownLatch cancelled = new CountDownLatch(1);
            search.whenComplete((owner, failure) -> cancelled.countDown());
            client.rst();

            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(search).isCancelled();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            assertThat(origin.connections()).isEmpty();
        }
    }

    @Test
    void refusesARequestWhoseKeyIsNotKnownInTime() throws Exception {
        patience = Duration.ofMillis(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));

            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nretry-after: 1\r\n", "\"type\":\"server_error\"");
            assertThat(search()).isCancelled();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
        }
    }

    private CompletableFuture<Principal> search() throws InterruptedException {
        CompletableFuture<Principal> search = searches.poll(20, TimeUnit.SECONDS);
        assertThat(search).as("a search").isNotNull();
        return search;
    }

    private TestGateway start(ScriptedOrigin origin) throws Exception {
        Snapshot routes = TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port()));
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(keys, routes.routes()),
                exchange -> new LocalAnswer(200, "text/plain", new byte[] {'f', 'i', 'n', 'e'}),
                GatewayListener.NONE);
    }
}
