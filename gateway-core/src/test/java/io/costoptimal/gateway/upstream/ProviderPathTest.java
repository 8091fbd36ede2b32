package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.testing.Constant;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderPathTest {

    /** As SDKs do: what a base stands for is the vendor's own base, and the operation is appended. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    OPENAI    | https://h               | CHAT_COMPLETIONS       | https://h/v1/chat/completions
                    OPENAI    | https://h/              | RESPONSES_INPUT_TOKENS | https://h/v1/responses/input_tokens
                    OPENAI    | https://h/v1//          | EMBEDDINGS             | https://h/v1/embeddings
                    OPENAI    | https://h/api/paas/v4   | CHAT_COMPLETIONS       | https://h/api/paas/v4/chat/completions
                    OPENAI    | https://h/v1beta/openai/ | CHAT_COMPLETIONS      | https://h/v1beta/openai/chat/completions
                    OPENAI    | https://h/api/v3        | EMBEDDINGS             | https://h/api/v3/embeddings
                    OPENAI    | https://h/api/coding/paas/v4 | RESPONSES         | https://h/api/coding/paas/v4/responses
                    OPENAI    | https://h/team          | MODELS                 | https://h/team/models
                    OPENAI    | https://h/a%2Fv1        | RESPONSES              | https://h/a%2Fv1/responses
                    OPENAI    | https://h/api/v1        | MESSAGES               | https://h/api/v1/messages
                    OPENAI    | https://h               | MESSAGES               | https://h/v1/messages
                    OPENAI    | https://h/v1/chat/completions    | CHAT_COMPLETIONS | https://h/v1/chat/completions
                    OPENAI    | https://h/v1/chat/completions/   | EMBEDDINGS | https://h/v1/embeddings
                    OPENAI    | https://h/v4/completions         | CHAT_COMPLETIONS | https://h/v4/chat/completions
                    OPENAI    | https://h/chat/completions       | CHAT_COMPLETIONS | https://h/chat/completions
                    OPENAI    | https://h/chat/completions       | MODELS     | https://h/models
                    ANTHROPIC | https://h               | MESSAGES               | https://h/v1/messages
                    ANTHROPIC | https://h/anthropic     | MESSAGES               | https://h/anthropic/v1/messages
                    ANTHROPIC | https://h/anthropic/v1/ | MESSAGES_COUNT_TOKENS  | https://h/anthropic/v1/messages/count_tokens
                    ANTHROPIC | https://h/api/v4        | MESSAGES               | https://h/api/v4/messages
                    ANTHROPIC | https://h/v1beta        | MESSAGES               | https://h/v1beta/messages
                    ANTHROPIC | https://h/av1           | MESSAGES               | https://h/av1/v1/messages
                    ANTHROPIC | https://h/v1/messages   | MESSAGES_COUNT_TOKENS  | https://h/v1/messages/count_tokens
                    ANTHROPIC | https://h/x/messages    | MESSAGES               | https://h/x/messages
                    ANTHROPIC | https://h               | CHAT_COMPLETIONS       | https://h/v1/chat/completions
                    ANTHROPIC | https://h/x             | MODELS                 | https://h/x/v1/models
                    AZURE     | https://h               | CHAT_COMPLETIONS       | https://h/openai/deployments/{deployment}/chat/completions
                    AZURE     | https://h/openai/       | COMPLETIONS            | https://h/openai/deployments/{deployment}/completions
                    AZURE     | https://h/x             | EMBEDDINGS             | https://h/x/openai/deployments/{deployment}/embeddings
                    AZURE     | https://h/openai/deployments      | EMBEDDINGS   | https://h/openai/deployments/{deployment}/embeddings
                    AZURE     | https://h/openai/deployments      | RESPONSES    | https://h/openai/responses
                    AZURE     | https://h/x/openai/deployments/d1 | EMBEDDINGS   | https://h/x/openai/deployments/d1/embeddings
                    AZURE     | https://h/openai/deployments/d1/chat | CHAT_COMPLETIONS | https://h/openai/deployments/d1/chat/completions
                    AZURE     | https://h/openai/deployments/d1/chat/completions | EMBEDDINGS | https://h/openai/deployments/d1/embeddings
                    AZURE     | https://h/openai/deployments/d1   | RESPONSES    | https://h/openai/responses
                    AZURE     | https://h/openai/deployments/responses | CHAT_COMPLETIONS | https://h/openai/deployments/responses/chat/completions
                    AZURE     | https://h               | RESPONSES              | https://h/openai/responses
                    AZURE     | https://h/openai        | RESPONSES_INPUT_TOKENS | https://h/openai/responses/input_tokens
                    AZURE     | https://h/openai/responses | CHAT_COMPLETIONS    | https://h/openai/deployments/{deployment}/chat/completions
                    AZURE     | https://h/openai/v1     | CHAT_COMPLETIONS       | https://h/openai/v1/chat/completions
                    AZURE     | https://h/openai/v1/    | RESPONSES              | https://h/openai/v1/responses
                    AZURE     | https://h/api/projects/p/openai/v1/chat/completions | RESPONSES | https://h/api/projects/p/openai/v1/responses
                    AZURE     | https://h/anthropic     | MESSAGES               | https://h/anthropic/v1/messages
                    AZURE     | https://h/anthropic/v1/messages | MESSAGES       | https://h/anthropic/v1/messages
                    AZURE     | https://h               | MESSAGES               | https://h/anthropic/v1/messages
                    AZURE     | https://h/openai/v1     | MESSAGES               | https://h/anthropic/v1/messages
                    AZURE     | https://h/anthropic     | RESPONSES              | https://h/openai/responses
                    AZURE     | https://h/openai/v1     | MODELS                 | https://h/openai/v1/models
                    AZURE     | https://h/openai/deployments/d | MODELS          | https://h/openai/models
                    """)
    void givesEachKindTheUrlItKnows(
            @ConvertWith(Constant.class) ProviderKind kind,
            String base,
            @ConvertWith(Constant.class) Operation operation,
            String expected) {
        assertThat(ProviderPath.url(provider(kind, Location.of(URI.create(base))), operation))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    OPENAI    | https://h/api/paas/v4   | CHAT_COMPLETIONS      | https://h/api/paas/v4/v1/chat/completions
                    OPENAI    | https://h/v1/chat       | CHAT_COMPLETIONS      | https://h/v1/chat/completions
                    OPENAI    | https://h/v1            | EMBEDDINGS            | https://h/v1/embeddings
                    ANTHROPIC | https://h/api/v4        | MESSAGES              | https://h/api/v4/v1/messages
                    AZURE     | https://h               | CHAT_COMPLETIONS      | https://h/openai/deployments/{deployment}/chat/completions
                    AZURE     | https://h/openai/deployments/d1/chat | CHAT_COMPLETIONS | https://h/openai/deployments/d1/chat/completions
                    AZURE     | https://h/openai/v1     | MESSAGES              | https://h/openai/v1/messages
                    """)
    void joinsAsTheFormerVersionWhereAskedTo(
            @ConvertWith(Constant.class) ProviderKind kind,
            String base,
            @ConvertWith(Constant.class) Operation operation,
            String expected) {
        Location location = new Location(URI.create(base), Location.Join.V1, null);

        assertThat(ProviderPath.url(provider(kind, location), operation)).isEqualTo(expected);
    }

    @Test
    void showsTheVersionThatAzureIsAskedFor() {
        Provider azure = new Provider(
                "p",
                ProviderKinds.AZURE,
                URI.create("https://h:8443/"),
                new Provider.Access(null, "2024-10-21", Map.of()),
                Duration.ofSeconds(1));

        assertThat(ProviderPath.url(azure, StandardOperations.RESPONSES))
                .isEqualTo("https://h:8443/openai/responses?api-version=2024-10-21");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                      | /v1/chat/completions | /v1/chat/completions
                    /v1                     | /v1/chat/completions | /v1/chat/completions
                    /openai/v1              | /v1/chat/completions | /openai/v1/chat/completions
                    /v1/chat                | /v1/chat/completions | /v1/chat/completions
                    /v1/chat/completions    | /v1/chat/completions | /v1/chat/completions
                    /proxy/v1/chat          | /v1/chat/completions | /proxy/v1/chat/completions
                    /api                    | /v1/chat/completions | /api/v1/chat/completions
                    /v1beta                 | /v1/chat/completions | /v1beta/v1/chat/completions
                    /av1                    | /v1/chat/completions | /av1/v1/chat/completions
                    /v1/v1                  | /v1/embeddings       | /v1/v1/embeddings
                    /v1/other               | /v1/embeddings       | /v1/other/v1/embeddings
                    /v1/messages            | /v1/messages/count_tokens | /v1/messages/count_tokens
                    /a%2Fv1                 | /v1/responses        | /a%2Fv1/v1/responses
                    """)
    void mergesTheSegmentsThatOverlapWhereAskedTo(String base, String path, String joined) {
        assertThat(FormerPath.join(base, path)).isEqualTo(joined);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gpt-4.1_x~ | gpt-4.1_x~
                    a/../b?c#d | a%2F..%2Fb%3Fc%23d
                    'a b%20\r\n' | a%20b%2520%0D%0A
                    größe      | gr%C3%B6%C3%9Fe
                    """)
    void encodesADeploymentAsOneSegment(String name, String encoded) {
        assertThat(ProviderPath.encode(name)).isEqualTo(encoded);
    }

    private static Provider provider(ProviderKind kind, Location location) {
        return new Provider("p", kind, location, new Provider.Access(null, null, Map.of()), Duration.ofSeconds(1));
    }
}
