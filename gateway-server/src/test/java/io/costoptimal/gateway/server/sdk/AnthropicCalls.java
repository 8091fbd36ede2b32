package io.costoptimal.gateway.server.sdk;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.models.ModelInfo;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Every call of the Anthropic client, and what it gave: text, or the class name of what it threw. Only JDK types go in and
 * out, so that the same class file runs against any major, each in a class loader of its own.
 */
public final class AnthropicCalls implements BiFunction<String, String, Map<String, String>> {

    @Override
    public Map<String, String> apply(String url, String key) {
        Map<String, String> results = new TreeMap<>();
        AnthropicClient client = client(url, key);
        AnthropicClient stranger = client(url, "sk-wrong");
        try {
            call(
                    results,
                    "message",
                    () -> text(client.messages()
                            .create(message("claude-sonnet-4-5").build())));
            call(results, "streamed message", () -> stream(client, "claude-sonnet-4-5"));
            call(results, "tool", () -> tool(client));
            call(results, "count_tokens", () -> count(client));
            call(
                    results,
                    "models",
                    () -> client.models().list().data().stream()
                            .map(ModelInfo::id)
                            .collect(Collectors.joining(",")));
            call(
                    results,
                    "model",
                    () -> client.models().retrieve("claude-sonnet-4-5").id());
            call(
                    results,
                    "wrong key",
                    () -> text(stranger.messages()
                            .create(message("claude-sonnet-4-5").build())));
            call(
                    results,
                    "unknown model",
                    () -> text(client.messages()
                            .create(message("claude-unheard-of").build())));
            call(
                    results,
                    "rate limit",
                    () -> text(
                            client.messages().create(message("claude-limited").build())));
            call(results, "dying stream", () -> stream(client, "claude-dying"));
            return results;
        } finally {
            client.close();
            stranger.close();
        }
    }

    private static AnthropicClient client(String url, String key) {
        return AnthropicOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(url)
                .maxRetries(0)
                .build();
    }

    private static MessageCreateParams.Builder message(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(64L).addUserMessage("Say something.");
    }

    private static String text(Message message) {
        return message.content().stream()
                .flatMap(block -> block.text().stream())
                .map(block -> block.text())
                .collect(Collectors.joining());
    }

    private static String stream(AnthropicClient client, String model) {
        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(message(model).build())) {
            return stream.stream()
                    .map(event -> event.isContentBlockDelta()
                            ? event.asContentBlockDelta()
                                    .delta()
                                    .text()
                                    .map(delta -> delta.text())
                                    .orElse("")
                            : event.isMessageStop() ? "|stop" : "")
                    .collect(Collectors.joining());
        }
    }

    private static String tool(AnthropicClient client) {
        Tool weather = Tool.builder()
                .name("get_weather")
                .description("The weather of a city.")
                .inputSchema(Tool.InputSchema.builder()
                        .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build())
                .build();
        Message answer = client.messages()
                .create(message("claude-sonnet-4-5")
                        .addTool(weather)
                        .putAdditionalBodyProperty("tool_choice", JsonValue.from(Map.of("type", "any")))
                        .build());
        return answer.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .map(use -> use.name())
                .collect(Collectors.joining());
    }

    private static String count(AnthropicClient client) {
        return Long.toString(client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model("claude-sonnet-4-5")
                        .addUserMessage("How long is this?")
                        .build())
                .inputTokens());
    }

    private static void call(Map<String, String> results, String name, Callable<String> call) {
        try {
            results.put(name, call.call());
        } catch (Exception e) {
            results.put(name, e.getClass().getSimpleName());
        }
    }
}
