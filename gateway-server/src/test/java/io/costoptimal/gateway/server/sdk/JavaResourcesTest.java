package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import io.costoptimal.gateway.server.clients.Trust;
import io.costoptimal.gateway.server.clients.Wire;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
            assertEveryMethodWorks(provider.base().toString(), null, false);
        }
    }

    /** Both ask for HTTP/2 of themselves over TLS, and cannot be told to speak it without. */
    @ParameterizedTest
    @EnumSource(names = "PLAIN_HTTP2", mode = EnumSource.Mode.EXCLUDE)
    void theGatewayPassesAllOfThemOn(Wire wire) throws Exception {
        try (EveryPath server = EveryPath.start(folder)) {
            assertEveryMethodWorks(server.url(wire), wire.tls() ? server.trust() : null, true);
            assertThat(server.stop()).noneMatch(line -> line.contains("LEAK"));
            assertThat(server.spoken()).containsExactly(EveryPath.spoken(wire));
        }
    }

    /**
     * @param trust for TLS; {@code null} for none
     * @param all whether methods without a row are called too
     */
    private void assertEveryMethodWorks(String url, Trust trust, boolean all) throws Exception {
        Path file = Files.writeString(folder.resolve("file.jsonl"), "{\"custom_id\":\"first line\"}\n\n");
        Optional<SSLSocketFactory> sockets =
                Optional.ofNullable(trust).map(each -> each.context().getSocketFactory());
        Optional<X509TrustManager> manager = Optional.ofNullable(trust).map(Trust::manager);
        OpenAIClient openAi = OpenAIOkHttpClient.builder()
                .apiKey(EveryPath.OPENAI_KEY)
                .adminApiKey(EveryPath.OPENAI_KEY)
                .baseUrl(url + "/v1")
                .sslSocketFactory(sockets)
                .trustManager(manager)
                .maxRetries(0)
                .build();
        SdkRows openAiRows = new SdkRows(new SdkMethods(openAi, OpenAIClient.class, file)).run("openai-java.rows");
        AnthropicClient anthropic = AnthropicOkHttpClient.builder()
                .apiKey(EveryPath.ANTHROPIC_KEY)
                .baseUrl(url)
                .sslSocketFactory(sockets)
                .trustManager(manager)
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
