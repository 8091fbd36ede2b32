package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import com.openai.models.models.Model;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code com.openai:openai-java}, as released, pointed at the gateway by its base URL alone. */
class OpenAiSdkTest {

    private static RealServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = RealServer.start(folder);
        client = client(RealServer.KEY);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        try (RealServer last = server) {
            assertThat(last.stop()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(server.url() + "/v1")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Say something.");
    }

    @Test
    void chat() {
        ChatCompletion answer =
                client.chat().completions().create(chat("gpt-4o").build());
        assertThat(answer.choices().get(0).message().content().orElseThrow()).startsWith("This is");
        assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
    }

    @Test
    void streamedChat() {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(chat("gpt-4o").build())) {
            String text = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .collect(Collectors.joining());
            assertThat(text).startsWith("This is").hasSizeGreaterThan(40);
        }
    }

    @Test
    void toolCalls() {
        FunctionDefinition function = FunctionDefinition.builder()
                .name("get_weather")
                .description("The weather of a city.")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build())
                .build();
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat("gpt-4o")
                        .addFunctionTool(function)
                        .putAdditionalBodyProperty("tool_choice", JsonValue.from("required"))
                        .build());
        assertThat(answer.choices().get(0).message().toolCalls().orElseThrow())
                .singleElement()
                .satisfies(
                        call -> assertThat(call.asFunction().function().name()).isEqualTo("get_weather"));
    }

    @Test
    void responses() {
        assertThat(client.responses()
                        .create(ResponseCreateParams.builder()
                                .model("gpt-4o")
                                .input("Hello")
                                .build())
                        .output())
                .isNotEmpty();
    }

    @Test
    void streamedResponses() {
        try (StreamResponse<ResponseStreamEvent> stream = client.responses()
                .createStreaming(ResponseCreateParams.builder()
                        .model("gpt-4o")
                        .input("Hello")
                        .build())) {
            List<ResponseStreamEvent> events = stream.stream().toList();
            assertThat(events.get(0).isCreated()).isTrue();
            assertThat(events.get(events.size() - 1).isCompleted()).isTrue();
        }
    }

    @Test
    void embeddingsInBothEncodings() {
        EmbeddingCreateParams.Builder params =
                EmbeddingCreateParams.builder().model("text-embedding-3-small").input("some text");
        List<Float> packed =
                client.embeddings().create(params.build()).data().get(0).embedding();
        List<Float> plain = client.embeddings()
                .create(params.encodingFormat(EncodingFormat.FLOAT).build())
                .data()
                .get(0)
                .embedding();
        assertThat(packed).isNotEmpty().isEqualTo(plain);
    }

    @Test
    void models() {
        assertThat(client.models().list().data()).extracting(Model::id).contains("gpt-4o", "claude-sonnet-4-5");
        assertThat(client.models().retrieve("gpt-4o").id()).isEqualTo("gpt-4o");
    }

    @Test
    void aWrongKeyIsUnauthorized() {
        OpenAIClient stranger = client("sk-wrong");
        try {
            assertThatThrownBy(() ->
                            stranger.chat().completions().create(chat("gpt-4o").build()))
                    .isInstanceOfSatisfying(
                            UnauthorizedException.class,
                            e -> assertThat(e.code()).contains("invalid_api_key"));
        } finally {
            stranger.close();
        }
    }

    @Test
    void anUnknownModelIsNotFound() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(chat("gpt-unheard-of").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class, e -> assertThat(e.code()).contains("model_not_found"));
    }

    @Test
    void aProvidersRateLimitIsARateLimit() {
        assertThatThrownBy(
                        () -> client.chat().completions().create(chat("limited").build()))
                .isInstanceOf(RateLimitException.class);
    }

    @Test
    void aStreamThatDiesIsAnException() {
        assertThatThrownBy(() -> {
                    try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                            .completions()
                            .createStreaming(chat("dying").build())) {
                        stream.stream().forEach(chunk -> {});
                    }
                })
                .isInstanceOf(OpenAIException.class);
    }
}
