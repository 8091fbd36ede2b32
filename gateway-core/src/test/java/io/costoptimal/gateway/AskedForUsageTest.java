package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that is asked for usage in a client's name, over real sockets. */
class AskedForUsageTest {

    private static final String QUESTION = "\"stream_options\":{\"include_usage\":true}";
    private static final String HELLO = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}],\"usage\":null}\n\n";
    private static final String EXTRA =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Odd: a  b\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    private final BlockingQueue<Usage> usages = new LinkedBlockingQueue<>();

    private TestGateway gateway(int port) throws IOException {
        Provider provider = TestGateway.provider(port);
        Provider asking = new Provider(
                provider.id(),
                provider.kind(),
                provider.location(),
                provider.access(),
                new Provider.Asking(provider.firstByteTimeout(), true));
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", new Candidate(asking, "sent"))),
                exchange -> null,
                exchange -> usages.add(exchange.usage()));
    }

    private Usage usage() throws InterruptedException {
        return usages.poll(20, TimeUnit.SECONDS);
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static String bodyOf(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    /** The body as the client sends it, and as the provider gets it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"gpt-4o\",\"stream\":true} | {\"stream_options\":{\"include_usage\":true},\"model\":\"sent\",\"stream\":true}",
                "{ \"stream\": true, \"model\": \"gpt-4o\" } | {\"stream_options\":{\"include_usage\":true}, \"stream\": true, \"model\": \"sent\" }",
                "{\"stream_options\":{},\"model\":\"gpt-4o\",\"stream\":true} | {\"stream_options\":{\"include_usage\":true},\"model\":\"sent\",\"stream\":true}",
                "{\"stream_options\": { \"x\":1},\"model\":\"gpt-4o\",\"stream\":true} | {\"stream_options\": {\"include_usage\":true, \"x\":1},\"model\":\"sent\",\"stream\":true}",
                "{\"model\":\"gpt-4o\",\"stream_options\":null,\"stream\":true} | {\"model\":\"sent\",\"stream_options\":{\"include_usage\":true},\"stream\":true}",
                "{\"model\":\"gpt-4o\",\"stream\":true,\"stream_options\":{\"include_usage\":false}} | {\"model\":\"sent\",\"stream\":true,\"stream_options\":{\"include_usage\":false}}",
                "{\"model\":\"gpt-4o\",\"stream\":true,\"stream_options\":{\"include_usage\":true}} | {\"model\":\"sent\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"gpt-4o\",\"stream\":false} | {\"model\":\"sent\",\"stream\":false}",
                "{\"model\":\"gpt-4o\"} | {\"model\":\"sent\"}"
            })
    void asksWhereTheClientLeftThatOpen(String body, String sent) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        ScriptedOrigin.answering(HEAD + CHUNKED + chunk(HELLO + EXTRA + DONE) + "0\r\n\r\n"));
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(body));
            String answer = client.readMessage();

            String request = origin.next().nextRequest();
            assertThat(bodyOf(request)).isEqualTo(sent);
            assertThat(request).containsIgnoringCase("content-length: " + sent.length() + "\r\n");
            boolean asked = !body.contains("include_usage") && body.contains("true");
            assertThat(request.toLowerCase(Locale.ROOT).contains("accept-encoding: identity"))
                    .isEqualTo(asked);
            assertThat(answer.contains(EXTRA)).isEqualTo(!asked);
            assertThat(usage()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/completions", "/v1/embeddings"})
    void asksChatsAlone(String path) throws Exception {
        String body = "{\"model\":\"gpt-4o\",\"stream\":true}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(body).replace("/v1/chat/completions", path));
            client.readMessage();

            assertThat(bodyOf(origin.next().nextRequest())).isEqualTo("{\"model\":\"sent\",\"stream\":true}");
        }
    }

    @Test
    void keepsTheClientsConnectionWhateverTheAnswersFraming() throws Exception {
        String stream = HELLO + EXTRA + DONE;
        List<String> answers = List.of(
                HEAD + "Content-Length: " + stream.length() + "\r\n\r\n" + stream,
                HEAD + CHUNKED + chunk(HELLO) + chunk(EXTRA) + chunk(DONE) + "0\r\n\r\n",
                HEAD + CHUNKED + chunk(stream) + "0\r\nx: y\r\n\r\n");
        String head =
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Odd: a  b\r\ntransfer-encoding: chunked\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    for (String answer : answers) {
                        connection.readRequest();
                        connection.send(answer);
                    }
                    connection.readToEnd();
                });
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < answers.size(); i++) {
                client.send(TestGateway.chat("{\"model\":\"gpt-4o\",\"stream\":true}"));
                String received = client.readMessage();

                assertThat(received).startsWith(head).endsWith("0\r\n\r\n");
                String payload = received.substring(head.length())
                        .replaceAll("(^|\\r\\n)[0-9a-f]+\\r\\n", "")
                        .replace("\r\n", "");
                assertThat(payload).as(answers.get(i)).isEqualTo(HELLO + DONE);
                assertThat(usage().output().tokens()).isEqualTo(2);
            }
        }
    }

    @Test
    void closesBehindAnAnswerToAnHttp10Client() throws Exception {
        String stream = HELLO + EXTRA + DONE;
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        ScriptedOrigin.answering(HEAD + "Content-Length: " + stream.length() + "\r\n\r\n" + stream));
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(
                    TestGateway.chat("{\"model\":\"gpt-4o\",\"stream\":true}").replace("HTTP/1.1", "HTTP/1.0"));

            assertThat(client.readToEnd()).endsWith("connection: close\r\n\r\n" + HELLO + DONE);
        }
    }

    @Test
    void asksOnceMoreWithoutWhereTheProviderDoesNotKnowTheMember() throws Exception {
        String refusal = "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options\"}}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    for (String request = connection.readRequest();
                            request != null;
                            request = connection.readRequest()) {
                        connection.send(
                                request.contains("stream_options")
                                        ? "HTTP/1.1 400 Bad Request\r\nContent-Length: " + refusal.length() + "\r\n\r\n"
                                                + refusal
                                        : HEAD + CHUNKED + chunk(HELLO) + chunk(DONE) + "0\r\n\r\n");
                    }
                });
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            for (int attempts : new int[] {2, 1}) {
                client.send(TestGateway.chat("{\"model\":\"gpt-4o\",\"stream\":true}"));

                assertThat(client.readMessage()).contains(HELLO);
                assertThat(gateway.nextEnd().attempts()).isEqualTo(attempts);
            }
            ScriptedOrigin.Connection connection = origin.next();
            assertThat(connection.nextRequest()).contains(QUESTION);
            assertThat(connection.nextRequest()).doesNotContain("stream_options");
            assertThat(connection.nextRequest()).doesNotContain("stream_options");
        }
    }
}
