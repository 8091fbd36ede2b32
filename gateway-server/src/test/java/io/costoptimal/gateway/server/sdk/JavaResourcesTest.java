package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method of every resource of the official clients of Java, which say themselves whether an answer has the shape that their
 * API promises. A method of a new version that has no row is called with made-up arguments, and fails here when it is refused.
 */
class JavaResourcesTest {

    /** Checks of signatures, and what wants more than made-up arguments for a path that others of its resource call. */
    private static final Set<String> LEFT_OUT = Set.of(
            "webhooks.unwrap", "webhooks.verifySignature", "beta.webhooks.unwrap", "beta.agents.sessions.stream");

    @TempDir
    private Path folder;

    @Test
    void theSimulatedProviderAnswersAllOfThem() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.offering(
                List.of("gpt-4o", "claude-sonnet-4-5", "text-embedding-3-small")))) {
            assertEveryMethodWorks(provider.base().toString());
        }
    }

    private void assertEveryMethodWorks(String url) throws Exception {
        Path file = Files.writeString(folder.resolve("file.jsonl"), "{\"custom_id\":\"first line\"}\n\n");
        OpenAIClient openAi = OpenAIOkHttpClient.builder()
                .apiKey(RealServer.KEY)
                .adminApiKey(RealServer.KEY)
                .baseUrl(url + "/v1")
                .maxRetries(0)
                .build();
        SdkRows openAiRows =
                new SdkRows(new SdkMethods(openAi, OpenAIClient.class, file)).run("openai-java.rows", LEFT_OUT);
        AnthropicClient anthropic = AnthropicOkHttpClient.builder()
                .apiKey(RealServer.KEY)
                .baseUrl(url)
                .maxRetries(0)
                .build();
        SdkRows anthropicRows = new SdkRows(new SdkMethods(anthropic, AnthropicClient.class, file))
                .run("anthropic-java.rows", LEFT_OUT);
        openAi.close();
        anthropic.close();

        assertThat(openAiRows.problems()).isEmpty();
        assertThat(openAiRows.called()).isGreaterThan(110);
        assertThat(anthropicRows.problems()).isEmpty();
        assertThat(anthropicRows.called()).isGreaterThan(30);
    }
}
