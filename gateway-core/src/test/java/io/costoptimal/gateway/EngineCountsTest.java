package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine says it holds while exchanges stand still at known places. */
@Timeout(60)
class EngineCountsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";

    @Test
    void aNewEngineHoldsNothing() throws Exception {
        try (TestGateway gateway = TestGateway.routing("gpt-4o", null, 1)) {
            EngineCounts counts = gateway.gateway().counts();

            assertThat(running(counts)).isEmpty();
            assertThat(counts.inFlight()).hasSize(ExchangeState.values().length - 1);
            assertThat(counts.upstream().open()).isZero();
            EngineCounts.Memory memory = counts.memory();
            assertThat(List.of(memory.heads(), memory.bodies(), memory.largeBodies(), memory.keptAnswers()))
                    .allMatch(level -> level.held() == 0 && level.limit() > 0);
            assertThat(counts.counting()).isEqualTo(new EngineCounts.Counting(0, 0));
            assertThat(counts.floods()).isEqualTo(new EngineCounts.Floods(0, 0, 0));
        }
    }

    @Test
    void anExchangeCountsWhereItStandsAndNowhereAfterItsEnd() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch rest = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.await(answer);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
                    connection.await(rest);
                    connection.send("b");
                    connection.readToEnd();
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            origin.next().nextRequest();
            EngineCounts asking = gateway.gateway().counts();
            assertThat(running(asking)).isEqualTo(Map.of(ExchangeState.ATTEMPTING, 1));
            assertThat(asking.memory().bodies().held()).isEqualTo(BODY.length());
            assertThat(asking.upstream().open()).isEqualTo(1);
            assertThat(asking.upstream().idle()).isZero();

            answer.countDown();
            client.readUntil("a");
            EngineCounts answering = gateway.gateway().counts();
            assertThat(running(answering)).isEqualTo(Map.of(ExchangeState.ANSWERING, 1));
            assertThat(answering.memory().bodies().held()).isZero();

            rest.countDown();
            gateway.nextEnd();
            assertThat(running(gateway.gateway().counts())).isEmpty();
        }
    }

    @Test
    void aBodyThatIsStillToComeCountsAsAuthenticated() throws Exception {
        try (TestGateway gateway = TestGateway.routing("gpt-4o", null, 1);
                RawClient client = RawClient.connect(gateway.port())) {
            String request = chat(BODY);
            int head = request.indexOf("\r\n\r\n");
            client.send(request.substring(0, head) + "\r\nExpect: 100-continue\r\n\r\n");
            client.readUntil("100 Continue\r\n\r\n");

            assertThat(running(gateway.gateway().counts())).isEqualTo(Map.of(ExchangeState.AUTHENTICATED, 1));

            client.rst();
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            assertThat(running(gateway.gateway().counts())).isEmpty();
        }
    }

    @Test
    void aRefusedExchangeLeavesNothingBehind() throws Exception {
        try (TestGateway gateway = TestGateway.routing("gpt-4o", null, 1);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /nowhere HTTP/1.1\r\nHost: g\r\n\r\n");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);

            assertThat(running(gateway.gateway().counts())).isEmpty();
        }
    }

    /** The states that have exchanges. */
    private static Map<ExchangeState, Integer> running(EngineCounts counts) {
        Map<ExchangeState, Integer> running = new TreeMap<>(counts.inFlight());
        running.values().removeIf(n -> n == 0);
        return running;
    }
}
