package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Caller;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the id in a client's complaint to the provider's id of the same call, and to what the client itself called it. */
class RequestIdsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private record Told(String id, String upstreamId, Caller caller) {}

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    private TestGateway gateway(ScriptedOrigin... origins) throws IOException {
        int[] ports = List.of(origins).stream().mapToInt(ScriptedOrigin::port).toArray();
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, ports)),
                exchange -> null,
                this::tell);
    }

    private void tell(ExchangeReport exchange) {
        told.add(new Told(exchange.id(), exchange.upstreamRequestId(), exchange.caller()));
    }

    private Told nextTold() throws InterruptedException {
        return told.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void everyAnswerHasAnIdOfTheGatewaysAndNoTwoAlike() throws Exception {
        try (ScriptedOrigin origin =
                        ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TestGateway gateway = gateway(origin);
                RawClient kept = RawClient.connect(gateway.port())) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                ids.add(id(kept, TestGateway.chat(BODY)));
            }
            for (String refused : List.of(TestGateway.chat("{}"), "GET /no HTTP/1.1\r\n\r\n", "no request\r\n\r\n")) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    ids.add(id(client, refused));
                }
            }
            assertThat(ids).hasSize(6).doesNotContainNull();
        }
    }

    private String id(RawClient client, String request) throws Exception {
        client.send(request);
        client.readMessage();
        assertThat(nextTold().id).isEqualTo(client.requestId());
        return client.requestId();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-request-id", "request-id", "X-Request-ID"})
    void theProvidersIdComesUnderAnotherNameAndIsReported(String name) throws Exception {
        String answer = "HTTP/1.1 429 Slow\r\n" + name + ": theirs-1\r\nContent-Length: 2\r\n\r\n{}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = gateway(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(BODY));
            assertThat(client.readMessage())
                    .isEqualTo("HTTP/1.1 429 Slow\r\nx-upstream-request-id: theirs-1\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.requestId()).isNotNull();
            assertThat(nextTold().upstreamId).isEqualTo("theirs-1");
        }
    }

    @Test
    void anthropicsClientsFindTheIdUnderTheNameTheyLookFor() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nrequest-id: req_theirs\r\nContent-Length: 2\r\n\r\n{}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = gateway(origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(BODY).replace("/v1/chat/completions", "/v1/messages"));
            client.readMessage();
            assertThat(client.received())
                    .contains("\r\nx-request-id: " + client.requestId() + "\r\n")
                    .contains("\r\nrequest-id: " + client.requestId() + "\r\n")
                    .contains("\r\nx-upstream-request-id: req_theirs\r\n");
        }
    }

    @Test
    void theClientsOwnIdAndTraceGoToEveryProviderAndIntoTheReport() throws Exception {
        String fields = "x-request-id: mine-\u00e9\r\ntraceparent: " + TRACE + "\r\nUser-Agent: tool/1 (x)\r\n";
        try (ScriptedOrigin broken =
                        ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
                ScriptedOrigin well =
                        ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TestGateway gateway = gateway(broken, well);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(BODY)
                    .replace("Host: g\r\n", "Host: g\r\n" + fields)
                    .getBytes(StandardCharsets.ISO_8859_1));
            client.readMessage();
            assertThat(client.requestId()).startsWith("req_");
            assertThat(broken.next().nextRequest()).contains(fields);
            assertThat(well.next().nextRequest()).contains(fields);
            Told exchange = nextTold();
            assertThat(exchange.caller).isEqualTo(new Caller("127.0.0.1", "tool/1 (x)", "mine-\u00e9", TRACE));
            assertThat(exchange.upstreamId).isNull();
        }
    }

    @Test
    void aRefusedClientGetsTheGatewaysIdAndIsReportedWithItsOwn() throws Exception {
        try (TestGateway gateway = gateway();
                RawClient client = RawClient.connect(gateway.port())) {
            String id = "i".repeat(1_000);
            client.send("GET /nowhere HTTP/1.1\r\nHost: g\r\nx-request-id: " + id + "\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 404 ").doesNotContain("iii");
            Told exchange = nextTold();
            assertThat(exchange.id).isEqualTo(client.requestId());
            assertThat(exchange.caller).isEqualTo(new Caller("127.0.0.1", null, "i".repeat(Caller.MAX_CHARS), null));
        }
    }
}
