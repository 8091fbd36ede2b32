package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the provider received equals what the client sent, and what the client received equals what the provider sent, but
 * for the credential, hop-by-hop fields, Host, Content-Length, Accept-Encoding, the model's value and the ids of the
 * exchange.
 */
class ByteForByteTest {

    /** Fields that may differ between what a client sends and what a provider receives. */
    private static final List<String> OURS = List.of(
            "host",
            "content-length",
            "authorization",
            "x-api-key",
            "api-key",
            "connection",
            "keep-alive",
            "te",
            "expect");

    private static final String CLIENT_FIELDS = "User-Agent: OpenAI/Python 3.22.1\r\n"
            + "Accept: application/json\r\nAccept-Encoding: gzip, deflate\r\nX-Stainless-Lang: python\r\n"
            + "x-stainless-read-timeout: 600\r\nanthropic-version: 2026-10-21\r\nanthropic-beta: a,b\r\n"
            + "X-Odd: two  spaces\r\nX-Latin: gr\u00fc\u00dfe\r\nx-twice: 1\r\nx-twice: 2\r\nContent-Type: application/json\r\n"
            + "Content-Digest: sha-256=:AA==:\r\nContent-MD5: AA==\r\n";

    private static final String PLAIN = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_abc\r\n"
            + "openai-processing-ms: 12\r\nSet-Cookie: a=b\r\nset-cookie: c=d\r\nContent-Length: 28\r\n\r\n"
            + "{ \"choices\" : [],\n \"a\":1.0 }";

    private static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            + "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "b\r\ndata: {\"a\":\r\n004\r\n1}\n\n\r\nE\r\ndata: [DONE]\n\n\r\n0\r\nx-trailer: 1\r\n\r\n";

    static Stream<Arguments> goldenBodies() {
        return Stream.of(
                Arguments.of(StandardOperations.CHAT_COMPLETIONS, "chat-python.json", PLAIN),
                Arguments.of(StandardOperations.CHAT_COMPLETIONS, "chat-stream-node.json", STREAM),
                Arguments.of(StandardOperations.CHAT_COMPLETIONS, "chat-tools.json", PLAIN),
                Arguments.of(StandardOperations.RESPONSES, "responses.json", STREAM),
                Arguments.of(StandardOperations.RESPONSES_INPUT_TOKENS, "responses-input-tokens.json", PLAIN),
                Arguments.of(StandardOperations.MESSAGES, "messages.json", STREAM),
                Arguments.of(StandardOperations.MESSAGES_COUNT_TOKENS, "count-tokens.json", PLAIN),
                Arguments.of(StandardOperations.EMBEDDINGS, "embeddings.json", PLAIN),
                Arguments.of(StandardOperations.COMPLETIONS, "completions.json", PLAIN));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("goldenBodies")
    void passesRequestAndAnswerUntouched(Operation operation, String golden, String answer) throws Exception {
        byte[] body = golden(golden);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(operation.path() + "?beta=true&x=%2F", body));
            assertThat(client.readMessage()).isEqualTo(expectedAnswer(answer));
            String received = origin.next().nextRequest();
            assertThat(received).startsWith("POST " + operation.path() + "?beta=true&x=%2F HTTP/1.1\r\n");
            String plain = text(request("/", body)).replace("gzip, deflate", "identity");
            assertThat(theirs(received)).isEqualTo(theirs(plain));
            assertThat(bodyOf(received)).isEqualTo(text(body));
            assertThat(received).containsIgnoringCase("content-length: " + body.length + "\r\n");
            assertThat(received).doesNotContain(TestGateway.KEY);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("goldenBodies")
    void replacesTheModelsValueAndNothingElse(Operation operation, String golden, String answer) throws Exception {
        byte[] body = golden(golden);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", "a \"quoted\" n\u00e4me", origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(operation.path(), body));
            assertThat(client.readMessage()).isEqualTo(expectedAnswer(answer));
            String renamed = new String(body, StandardCharsets.UTF_8)
                    .replace("\"gpt-4o\"", "\"a \\\"quoted\\\" n\u00e4me\"")
                    .replace("\"gpt-4\\u006f\"", "\"a \\\"quoted\\\" n\u00e4me\"");
            assertThat(bodyOf(origin.next().nextRequest())).isEqualTo(text(renamed.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("goldenBodies")
    void passesTheSameBytesWhereverTheRequestIsCut(Operation operation, String golden, String answer) throws Exception {
        byte[] body = golden(golden);
        byte[] request = request(operation.path(), body);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            ScriptedOrigin.Connection upstream = null;
            for (int cut = 1; cut < request.length; cut++) {
                client.send(request, cut);
                assertThat(client.readMessage()).as("cut at " + cut).isEqualTo(expectedAnswer(answer));
                upstream = upstream == null ? origin.next() : upstream;
                assertThat(bodyOf(upstream.nextRequest())).as("cut at " + cut).isEqualTo(text(body));
            }
        }
    }

    @Test
    void passesAnAnswerUntouchedWhereverTheProviderCutsIt() throws Exception {
        byte[] body = golden("chat-stream-node.json");
        for (String answer : List.of(PLAIN, STREAM)) {
            List<Integer> cuts = new ArrayList<>();
            for (int cut = 1; cut < answer.length(); cut++) {
                cuts.add(cut);
            }
            try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                        for (int cut : cuts) {
                            connection.readRequest();
                            connection.send(answer.getBytes(StandardCharsets.ISO_8859_1), cut);
                        }
                        connection.readRequest();
                    });
                    TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                    RawClient client = RawClient.connect(gateway.port())) {
                for (int cut : cuts) {
                    client.send(request("/v1/chat/completions", body));
                    assertThat(client.readMessage()).as("cut at " + cut).isEqualTo(expectedAnswer(answer));
                }
            }
        }
    }

    @Test
    void reframesAChunkedRequestWithoutTouchingItsPayload() throws Exception {
        byte[] body = golden("chat-tools.json");
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(PLAIN));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("10\r\n" + text(body).substring(0, 16) + "\r\n");
            client.send(
                    Integer.toHexString(body.length - 16) + "\r\n" + text(body).substring(16) + "\r\n0\r\n\r\n");
            assertThat(client.readMessage()).isEqualTo(expectedAnswer(PLAIN));
            String received = origin.next().nextRequest();
            assertThat(bodyOf(received)).isEqualTo(text(body));
            assertThat(received.toLowerCase(Locale.ROOT))
                    .contains("content-length: " + body.length + "\r\n")
                    .doesNotContain("transfer-encoding");
        }
    }

    @Test
    void removesHopByHopFieldsInBothDirections() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: secret\r\n"
                + "X-Kept: 1\r\nContent-Length: 2\r\n\r\n{}";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                            + "\r\nConnection: keep-alive\r\nConnection: X-Mine, host\r\nX-Mine: secret\r\nTE: trailers\r\n"
                            + "Proxy-Authorization: Basic eA==\r\nX-Kept: 1\r\nContent-Length: 18\r\n\r\n{\"model\":\"gpt-4o\"}");
            assertThat(client.readMessage()).isEqualTo("HTTP/1.1 200 OK\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(fields(origin.next().nextRequest()))
                    .contains("X-Kept: 1")
                    .noneMatch(field -> field.toLowerCase(Locale.ROOT).matches("(te|x-mine|proxy-.*|connection): .*"));
        }
    }

    private static byte[] golden(String name) throws IOException {
        try (var in = ByteForByteTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] request(String target, byte[] body) {
        String head = "POST " + target + " HTTP/1.1\r\nHost: gateway.example:8080\r\nConnection: keep-alive\r\n"
                + "Authorization: Bearer " + TestGateway.KEY + "\r\n" + CLIENT_FIELDS + "Content-Length: " + body.length
                + "\r\n\r\n";
        byte[] bytes = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, head.length());
        System.arraycopy(body, 0, bytes, head.length(), body.length);
        return bytes;
    }

    /**
     * The answer with its framing field where the gateway puts it and the provider's id under its other name: everything
     * else stays in place. The client of these tests takes the gateway's own id out of what it reads.
     */
    private static String expectedAnswer(String answer) {
        return answer.replace("Transfer-Encoding: chunked", "transfer-encoding: chunked")
                .replace("x-request-id", "x-upstream-request-id");
    }

    /** The header fields that the gateway must not touch, in order. */
    private static List<String> theirs(String message) {
        return fields(message).stream()
                .filter(field ->
                        !OURS.contains(field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static List<String> fields(String message) {
        String[] lines = message.substring(0, message.indexOf("\r\n\r\n")).split("\r\n");
        return List.of(lines).subList(1, lines.length);
    }

    private static String bodyOf(String message) {
        return message.substring(message.indexOf("\r\n\r\n") + 4);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
