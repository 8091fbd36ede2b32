package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A look at the exchanges that run. */
@Timeout(60)
class RunningExchangesTest {

    @Test
    void showsAnExchangeFromItsHeadToItsEndAndNoIdleConnection() throws Exception {
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
                RawClient idle = RawClient.connect(gateway.port());
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(seen(gateway)).isEmpty();

            client.send(chat("{\"model\":\"gpt-4o\",\"stream\":true}"));
            origin.next().nextRequest();
            assertThat(seen(gateway)).containsExactly("gpt-4o attempts=1 status=0 bytes=0");

            answer.countDown();
            client.readUntil("a");
            assertThat(seen(gateway)).containsExactly("gpt-4o attempts=1 status=200 bytes=1");

            rest.countDown();
            gateway.nextEnd();
            assertThat(seen(gateway)).isEmpty();
            assertThat(idle.socket().isConnected()).isTrue();
        }
    }

    @Test
    void looksAtMoreConnectionsThanItTakesAtOnce() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (TestGateway gateway = TestGateway.routing("gpt-4o", null, 1)) {
            for (int i = 0; i < 600; i++) {
                RawClient client = RawClient.connect(gateway.port());
                clients.add(client);
                client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                        + "\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
            }
            for (RawClient client : clients) {
                client.readUntil("100 Continue\r\n\r\n");
            }

            assertThat(seen(gateway)).hasSize(600);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aLookThatFailsSaysSo() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.await(rest);
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat("{\"model\":\"gpt-4o\"}"));
            origin.next().nextRequest();

            CompletableFuture<List<Object>> look = gateway.gateway().running(exchange -> {
                throw new IllegalStateException("no");
            });
            assertThat(look).failsWithin(30, TimeUnit.SECONDS).withThrowableOfType(ExecutionException.class);
            rest.countDown();
        }
    }

    private static List<String> seen(TestGateway gateway) throws Exception {
        return gateway.gateway().running(RunningExchangesTest::facts).get(30, TimeUnit.SECONDS);
    }

    private static String facts(ExchangeReport exchange) {
        return exchange.modelAsked() + " attempts=" + exchange.attempts() + " status=" + exchange.status() + " bytes="
                + exchange.responseBytes();
    }
}
