package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a candidate is asked for need not be what the client asked for, and its answer is read as what it was asked for. */
@Timeout(30)
class CandidateOperationTest {

    private static final String BODY = "{\"model\":\"m\",\"input\":\"x\"}";
    private static final String REQUEST = "POST /v1/responses HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer "
            + TestGateway.KEY + "\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;

    private static final String STREAM =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String EVENT = "event: message_start\n"
            + "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n";

    private final BlockingQueue<Object> usage = new LinkedBlockingQueue<>();

    @Test
    void decidesThePathTheUsageAndTheErrorEvent() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(STREAM + Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n");
                });
                TestGateway gateway = start(candidate(origin, StandardOperations.MESSAGES));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(REQUEST);

            assertThat(client.readToEnd())
                    .contains(EVENT)
                    .contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"");
            assertThat(origin.next().nextRequest())
                    .startsWith("POST /v1/messages HTTP/1.1\r\n")
                    .endsWith("\r\n\r\n" + BODY);
            assertThat(usage.poll(10, TimeUnit.SECONDS)).isEqualTo(Usage.of(5, 1));
        }
    }

    @Test
    void isTheCandidatesOwnAndNotThatOfTheNextOne() throws Exception {
        try (ScriptedOrigin first =
                        ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
                ScriptedOrigin second = ScriptedOrigin.start(
                        ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
                TestGateway gateway =
                        start(candidate(first, StandardOperations.CHAT_COMPLETIONS), candidate(second, null));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(REQUEST);

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(first.next().nextRequest()).startsWith("POST /v1/chat/completions HTTP/1.1\r\n");
            assertThat(second.next().nextRequest()).startsWith("POST /v1/responses HTTP/1.1\r\n");
        }
    }

    @Test
    void putsTheModelWhereThatOperationHasItAtAzure() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
                TestGateway gateway = start(new Candidate(
                        TestGateway.provider(
                                ProviderKinds.AZURE, "http://127.0.0.1:" + origin.port(), Duration.ofSeconds(10)),
                        "d",
                        StandardOperations.CHAT_COMPLETIONS));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(REQUEST);
            client.readMessage();

            assertThat(origin.next().nextRequest())
                    .startsWith("POST /openai/deployments/d/chat/completions?api-version=2024-10-21 HTTP/1.1\r\n")
                    .endsWith("\r\n\r\n{\"model\":\"d\",\"input\":\"x\"}");
        }
    }

    private TestGateway start(Candidate... candidates) throws IOException {
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("m", candidates)),
                exchange -> new LocalAnswer(200, "text/plain", new byte[0]),
                exchange -> usage.add(exchange.usage() == null ? "none" : exchange.usage()));
    }

    private static Candidate candidate(ScriptedOrigin origin, Operation operation) {
        Provider provider = TestGateway.provider(origin.port());
        return new Candidate(provider, null, operation);
    }
}
