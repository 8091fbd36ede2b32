package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RefusingPort;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.ScriptedOrigin.Connection;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often providers get one request: each way in which the first one can fail, under each policy. No request goes out
 * twice unless the policy has a word for that failure.
 */
class RetryPolicyTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static final List<List<String>> POLICIES = List.of(
            List.of(),
            List.of("connect_error"),
            List.of("no_answer"),
            List.of("timeout"),
            List.of("4xx"),
            List.of("5xx"),
            List.of("429"),
            List.of("connect_error", "no_answer", "timeout", "4xx", "5xx"));

    /** What a provider does with the request that counts. */
    @FunctionalInterface
    private interface Failing {
        void fail(Connection connection, String request) throws Exception;
    }

    /**
     * A way to fail.
     *
     * @param kept whether the connection served a request before, which does not count
     * @param again words that allow the same provider a second time
     * @param next words that allow the next candidate, where none of {@code again} is there
     */
    private record Fault(String name, boolean kept, Failing how, Set<String> again, Set<String> next) {

        static Fault fresh(String name, Failing how, String... next) {
            return new Fault(name, false, how, Set.of(), Set.of(next));
        }

        static Fault answer(String name, String bytes, String... next) {
            return fresh(
                    name,
                    (connection, request) -> {
                        connection.send(bytes);
                        connection.fin();
                        connection.readToEnd();
                    },
                    next);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Fault> faults() {
        String length = "\r\nContent-Length: 2\r\n\r\n{}";
        return Stream.of(
                Fault.fresh("refuses connections", null, "connect_error"),
                Fault.answer("closes without an answer", "", "no_answer"),
                Fault.fresh("resets", (connection, request) -> connection.rst(), "no_answer"),
                Fault.answer("closes within the head", "HTTP/1.1 200 OK\r\nX-", "no_answer"),
                Fault.answer("answers what is no HTTP", "SSH-2.0-x\r\n", "no_answer"),
                Fault.answer(
                        "answers with two kinds of framing",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + length,
                        "no_answer"),
                Fault.answer(
                        "answers with chunks that are broken from the start",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n",
                        "no_answer"),
                Fault.answer("redirects", "HTTP/1.1 307 T\r\nLocation: http://x/" + length, "no_answer"),
                Fault.answer("refuses our credential", "HTTP/1.1 401 U" + length, "4xx"),
                Fault.fresh("is silent", (connection, request) -> connection.readToEnd(), "timeout"),
                Fault.answer("answers 400", "HTTP/1.1 400 B" + length, "4xx"),
                Fault.answer("answers 429", "HTTP/1.1 429 S" + length, "4xx", "429"),
                Fault.answer("answers 503", "HTTP/1.1 503 U" + length, "5xx"),
                new Fault(
                        "closes a kept connection at once",
                        true,
                        (connection, request) -> connection.fin(),
                        Set.of("connect_error"),
                        Set.of("no_answer")),
                new Fault(
                        "works on a request of a kept connection before it closes",
                        true,
                        RetryPolicyTest::workAndClose,
                        Set.of(),
                        Set.of("no_answer")));
    }

    /** Four times as long as a close that was under way already may take. */
    private static void workAndClose(Connection connection, String request) throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        assertThat(worked.await(200, TimeUnit.MILLISECONDS)).isFalse();
        connection.fin();
    }

    @ParameterizedTest(name = "a provider that {0}")
    @MethodSource("faults")
    void asksASecondTimeOnlyAsPolicyAllows(Fault fault) throws Exception {
        List<Counting> firsts = new ArrayList<>();
        Counting second = new Counting(new Fault("answers", false, (c, request) -> c.send(OK), Set.of(), Set.of()));
        for (int i = 0; i < POLICIES.size(); i++) {
            firsts.add(new Counting(fault));
        }
        try (TestGateway gateway =
                TestGateway.start(GatewaySettings.defaults().withEventLoops(1), routes(firsts, second))) {
            for (int i = 0; i < POLICIES.size(); i++) {
                second.requests.set(0);
                check(gateway, fault, i, firsts.get(i), second);
            }
        } finally {
            for (Counting origin : firsts) {
                origin.close();
            }
            second.close();
        }
    }

    private static void check(TestGateway gateway, Fault fault, int policy, Counting first, Counting second)
            throws Exception {
        String body = "{\"model\":\"m" + policy + "\"}";
        try (RawClient client = RawClient.connect(gateway.port())) {
            if (fault.kept) {
                client.send(chat(body));
                assertThat(client.readMessage()).isEqualTo(OK);
                gateway.nextEnd();
            }
            client.send(chat(body));
            client.readMessage();
            gateway.nextEnd();
        }
        Set<String> words = Set.copyOf(POLICIES.get(policy));
        boolean again = words.stream().anyMatch(fault.again::contains);
        boolean next = !again && words.stream().anyMatch(fault.next::contains);
        int one = fault.how == null ? 0 : 1;
        assertThat(first.requests.get()).as("first provider, " + words).isEqualTo(again ? 2 : one);
        assertThat(second.requests.get()).as("second provider, " + words).isEqualTo(next ? 1 : 0);
    }

    private static RouteTable routes(List<Counting> firsts, Counting second) {
        List<ModelRoutes> models = new ArrayList<>();
        for (int i = 0; i < POLICIES.size(); i++) {
            List<Candidate> candidates = List.of(candidate(firsts.get(i)), candidate(second));
            models.add(new ModelRoutes("m" + i, candidates, List.of(), RetryOn.parse(POLICIES.get(i))));
        }
        return new RouteTable(Map.of(), models, null, RetryOn.ALL);
    }

    private static Candidate candidate(Counting origin) {
        String base = "http://127.0.0.1:" + origin.port + "/v1";
        Duration firstByte = Duration.ofMillis(origin.fault.next.contains("timeout") ? 250 : 10_000);
        return new Candidate(TestGateway.provider(ProviderKinds.OPENAI, base, firstByte), null);
    }

    /** A provider that counts the requests it gets, warm-ups of kept connections left out. */
    private static final class Counting implements AutoCloseable {

        final Fault fault;
        final AtomicInteger requests = new AtomicInteger();
        final int port;
        private final ScriptedOrigin origin;
        private final RefusingPort refused;

        Counting(Fault fault) throws IOException {
            this.fault = fault;
            if (fault.how == null) {
                refused = RefusingPort.open();
                port = refused.port();
                origin = null;
            } else {
                refused = null;
                origin = ScriptedOrigin.start(this::first, this::later);
                port = origin.port();
            }
        }

        private void first(Connection connection) throws Exception {
            if (fault.kept) {
                connection.readRequest();
                connection.send(OK);
            }
            play(connection);
        }

        /** A fresh connection of one that closed a kept one is served. */
        private void later(Connection connection) throws Exception {
            if (fault.kept) {
                while (connection.readRequest() != null) {
                    requests.incrementAndGet();
                    connection.send(OK);
                }
            } else {
                play(connection);
            }
        }

        private void play(Connection connection) throws Exception {
            for (String request = connection.readRequest(); request != null; request = connection.readRequest()) {
                requests.incrementAndGet();
                fault.how.fail(connection, request);
            }
        }

        @Override
        public void close() throws IOException {
            if (origin != null) {
                origin.close();
            } else {
                refused.close();
            }
        }
    }
}
