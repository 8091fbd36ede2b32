package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log has the usage of every call of the official clients, though all of them accept compressed answers and get them where they may. */
class UsageOfSdksTest {

    private static final Pattern USAGE = Pattern.compile("\"usage\":\\{\"input\":[1-9]\\d*");

    private RealServer server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = RealServer.start(folder, SimulatorSettings.DEFAULTS.compressingAnswers());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theOpenAiClientOfJava() throws Exception {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .apiKey(RealServer.KEY)
                .baseUrl(server.url() + "/v1")
                .maxRetries(0)
                .build();
        ChatCompletionCreateParams.Builder chat =
                ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Say something.");
        ResponseCreateParams response =
                ResponseCreateParams.builder().model("gpt-4o").input("Hello").build();
        client.chat().completions().create(chat.build());
        drain(client.chat()
                .completions()
                .createStreaming(chat.streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build()));
        client.responses().create(response);
        drain(client.responses().createStreaming(response));
        client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .input("some text")
                        .build());
        client.close();

        assertEveryCallHasUsage(5);
    }

    private static void drain(StreamResponse<?> events) {
        try (events) {
            assertThat(events.stream()).isNotEmpty();
        }
    }

    @Test
    void theAnthropicClientOfJava() throws Exception {
        new AnthropicCalls().apply(server.url(), RealServer.KEY);

        // A message, a streamed one, and one with a tool.
        assertEveryCallHasUsage(3);
    }

    @Test
    void theClientsOfNode() throws Exception {
        List<String> lines = NodeClients.run("usage.mjs", server.url(), RealServer.KEY);

        assertThat(lines).hasSize(7).allMatch(line -> line.matches("[a-z ]+: [1-9]\\d*"));
        assertEveryCallHasUsage(7);
    }

    /** Token counts and lists of models have none. */
    private void assertEveryCallHasUsage(int calls) throws Exception {
        assertThat(server.seen())
                .allSatisfy(
                        request -> assertThat(request.header("accept-encoding")).isIn("identity", null));
        assertThat(server.stop()).noneMatch(line -> line.contains("LEAK"));
        List<String> successes = server.out().stream()
                .filter(line -> line.contains("\"status\":200") && line.contains("\"outcome\":\"completed\""))
                .filter(line -> !line.contains("/models") && !line.contains("count_tokens"))
                .toList();
        assertThat(successes).hasSize(calls).allSatisfy(line -> {
            Matcher usage = USAGE.matcher(line);
            assertThat(usage.find()).as(line).isTrue();
        });
    }
}
