package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Provider;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderPathTest {

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
    void mergesTheSegmentsThatOverlap(String base, String path, String joined) {
        assertThat(ProviderPath.join(base, path)).isEqualTo(joined);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    OPENAI    | https://h               | CHAT_COMPLETIONS       | /v1/chat/completions
                    OPENAI    | https://h/              | RESPONSES_INPUT_TOKENS | /v1/responses/input_tokens
                    OPENAI    | https://h/v1//          | EMBEDDINGS             | /v1/embeddings
                    ANTHROPIC | https://h/anthropic/v1/ | MESSAGES_COUNT_TOKENS  | /anthropic/v1/messages/count_tokens
                    AZURE     | https://h               | CHAT_COMPLETIONS       | /openai/deployments/*/chat/completions
                    AZURE     | https://h/openai/       | COMPLETIONS            | /openai/deployments/*/completions
                    AZURE     | https://h/openai        | EMBEDDINGS             | /openai/deployments/*/embeddings
                    AZURE     | https://h/x             | EMBEDDINGS             | /x/openai/deployments/*/embeddings
                    AZURE     | https://h/openai/deployments      | EMBEDDINGS   | /openai/deployments/*/embeddings
                    AZURE     | https://h/x/openai/deployments/d1 | EMBEDDINGS   | /x/openai/deployments/d1/embeddings
                    AZURE     | https://h/openai/deployments/d1/chat | CHAT_COMPLETIONS | /openai/deployments/d1/chat/completions
                    AZURE     | https://h               | RESPONSES              | /openai/responses
                    AZURE     | https://h/openai        | RESPONSES_INPUT_TOKENS | /openai/responses/input_tokens
                    AZURE     | https://h/openai/v1     | CHAT_COMPLETIONS       | /openai/v1/chat/completions
                    AZURE     | https://h/openai/v1/    | RESPONSES              | /openai/v1/responses
                    AZURE     | https://h/anthropic     | MESSAGES               | /anthropic/v1/messages
                    """)
    void givesEachKindThePathItKnows(Provider.Kind kind, String base, Endpoint endpoint, String expected) {
        Provider provider = new Provider(
                "p", kind, URI.create(base), new Provider.Access(null, null, Map.of()), Duration.ofSeconds(1));

        ProviderPath path = ProviderPath.of(provider, endpoint);

        assertThat(path.byDeployment() ? path.before() + '*' + path.after() : path.before())
                .isEqualTo(expected);
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
}
