package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method of every resource of the official clients of Java, which say themselves whether an answer has the shape that their
 * API promises. A method of a new version that has no row is called with made-up arguments, and fails here when it is refused.
 */
class JavaResourcesTest {

    /**
     * Checks of signatures, what wants more than made-up arguments for a path that others of its resource call, and the deletion of
     * models, for which a gateway answers itself.
     */
    private static final Set<String> LEFT_OUT = Set.of(
            "webhooks.unwrap",
            "webhooks.verifySignature",
            "beta.webhooks.unwrap",
            "beta.agents.sessions.stream",
            "models.delete");

    @TempDir
    private Path folder;

    @Test
    void theSimulatedProviderAnswersAllOfThem() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(EveryPath.SETTINGS)) {
            assertEveryMethodWorks(provider.base().toString(), false);
        }
    }

    @Test
    void theGatewayPassesAllOfThemOn() throws Exception {
        try (EveryPath server = EveryPath.start(folder)) {
            assertEveryMethodWorks(server.url(), true);
            assertThat(server.stop()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    /** @param all whether methods without a row are called too */
    private void assertEveryMethodWorks(String url, boolean all) throws Exception {
        Path file = Files.writeString(folder.resolve("file.jsonl"), "{\"custom_id\":\"first line\"}\n\n");
        OpenAIClient openAi = OpenAIOkHttpClient.builder()
                .apiKey(EveryPath.OPENAI_KEY)
                .adminApiKey(EveryPath.OPENAI_KEY)
                .baseUrl(url + "/v1")
                .maxRetries(0)
                .build();
        SdkRows openAiRows = new SdkRows(new SdkMethods(openAi, OpenAIClient.class, file)).run("openai-java.rows");
        AnthropicClient anthropic = AnthropicOkHttpClient.builder()
                .apiKey(EveryPath.ANTHROPIC_KEY)
                .baseUrl(url)
                .maxRetries(0)
                .build();
        SdkRows anthropicRows =
                new SdkRows(new SdkMethods(anthropic, AnthropicClient.class, file)).run("anthropic-java.rows");
        if (all) {
            openAiRows.runOthers(LEFT_OUT);
            anthropicRows.runOthers(LEFT_OUT);
        }
        openAi.close();
        anthropic.close();

        assertThat(openAiRows.problems()).isEmpty();
        assertThat(openAiRows.called()).isGreaterThan(110);
        assertThat(anthropicRows.problems()).isEmpty();
        assertThat(anthropicRows.called()).isGreaterThan(30);
    }
}
