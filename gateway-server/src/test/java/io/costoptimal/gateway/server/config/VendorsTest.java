package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderPath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of vendors in docs/configuration.md is what the gateway does with their base URLs. */
class VendorsTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|`]+) \\| `([a-z]+)` \\| `(http[^`]+)` \\| `(http[^`]+)` \\|$");

    @ParameterizedTest(name = "{0}")
    @MethodSource("vendors")
    void sendsAChatWhereTheDocumentationSays(String vendor, String type, String base, String url) {
        GatewayConfig config = Configs.load("""
                api_keys: [k]
                providers: [{id: p, type: %s, base_url: "%s"}]
                """.formatted(type, base));
        Provider provider = config.routing().providers().get("p");
        Operation chat = type.equals("anthropic") ? StandardOperations.MESSAGES : StandardOperations.CHAT_COMPLETIONS;

        assertThat(ProviderPath.url(provider, chat)).isEqualTo(url);
    }

    @Test
    void documentsEveryVendorOnce() throws IOException {
        assertThat(vendors().map(row -> row.get()[0]))
                .containsExactlyInAnyOrderElementsOf(List.of(
                        "OpenAI",
                        "Azure, deployments",
                        "Azure, v1",
                        "Anthropic",
                        "DeepSeek",
                        "Groq",
                        "Mistral",
                        "Together",
                        "Fireworks",
                        "OpenRouter",
                        "xAI",
                        "Gemini",
                        "GLM",
                        "Moonshot",
                        "DashScope",
                        "Ark",
                        "SiliconFlow",
                        "Cerebras",
                        "Perplexity",
                        "Ollama",
                        "vLLM"));
    }

    @Test
    void readsTheUrlThatTheAzurePortalShows() {
        GatewayConfig config = Configs.load("""
                api_keys: [k]
                providers:
                  - id: p
                    type: azure
                    base_url: https://res.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21
                """);
        Provider provider = config.routing().providers().get("p");

        assertThat(ProviderPath.url(provider, StandardOperations.CHAT_COMPLETIONS))
                .isEqualTo("https://res.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21");
        assertThat(ProviderPath.url(provider, StandardOperations.EMBEDDINGS))
                .isEqualTo("https://res.openai.azure.com/openai/deployments/d/embeddings?api-version=2024-10-21");
    }

    static Stream<Arguments> vendors() throws IOException {
        Matcher row = ROW.matcher(Files.readString(DocumentationTest.root().resolve("docs/configuration.md")));
        return row
                .results()
                .map(found -> Arguments.of(found.group(1), found.group(2), found.group(3), found.group(4)))
                .toList()
                .stream();
    }
}
