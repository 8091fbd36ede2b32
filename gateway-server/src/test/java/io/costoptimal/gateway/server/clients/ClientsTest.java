package io.costoptimal.gateway.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.server.clients.Client.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that people use, over every wire that they speak: a whole answer, a stream, a long prompt, and a refusal. */
class ClientsTest {

    private static final String CHAT = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}";

    private static ManyListeners server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = ManyListeners.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        try (ManyListeners last = server) {
            assertThat(last.stop()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    static Stream<Arguments> clients() {
        List<Client> clients = List.of(
                new Curl(),
                JdkClient.http1(),
                JdkClient.http2(),
                new OkClient(),
                new PythonH2(),
                new Nghttp(),
                // Clients that keep no table for header fields, and one that changes its mind in one frame.
                new Nghttp("--header-table-size=0"),
                new Nghttp("--header-table-size=0", "--header-table-size=4096"),
                new GoStyle());
        return clients.stream().flatMap(client -> client.wires().stream().map(wire -> Arguments.of(client, wire)));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void getsWhatItAsksFor(Client client, Wire wire) throws Exception {
        String missing = client.missing();
        assumeTrue(missing == null, missing);
        Endpoint endpoint = server.endpoint(wire);

        Answer whole = client.post(endpoint, "/v1/chat/completions", CHAT.formatted("hi", ""));
        assertThat(whole.status()).as(whole.body()).isEqualTo(200);
        assertThat(whole.http2()).isEqualTo(wire.http2());
        assertThat(whole.body()).startsWith("{").endsWith("}").contains("This is a simulated answer");

        Answer stream = client.post(endpoint, "/v1/chat/completions", CHAT.formatted("hi", ",\"stream\":true"));
        assertThat(stream.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");

        Answer afterLongPrompt =
                client.post(endpoint, "/v1/chat/completions", CHAT.formatted("word ".repeat(100_000), ""));
        assertThat(afterLongPrompt.body()).containsPattern("\"prompt_tokens\":1250\\d\\d,");

        Endpoint stranger = new Endpoint(wire, endpoint.port(), "sk-wrong", endpoint.trust());
        Answer refused = client.post(stranger, "/v1/chat/completions", CHAT.formatted("hi", ""));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).contains("invalid_api_key");

        // It comes while most of the body is still to be sent, though no more than linger_bytes.
        refused = client.post(stranger, "/v1/chat/completions", CHAT.formatted("word ".repeat(40_000), ""));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).contains("invalid_api_key");
    }
}
