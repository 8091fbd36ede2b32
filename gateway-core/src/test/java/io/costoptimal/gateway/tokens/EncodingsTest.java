package io.costoptimal.gateway.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4",
                "gpt-4-0613",
                "gpt-4-32k",
                "gpt-4-turbo-2024-04-09",
                "gpt-3.5-turbo",
                "gpt-3.5",
                "gpt-35-turbo",
                "davinci-002",
                "babbage-002",
                "text-embedding-ada-002",
                "text-embedding-3-small",
                "ft:gpt-4:org",
                "ft:gpt-3.5-turbo:org",
                "openai/gpt-4",
                "GPT-4"
            })
    void olderModelsUseCl100k(String model) {
        assertThat(Encodings.nameFor(model)).isEqualTo(Encodings.Name.CL100K_BASE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o", "gpt-4o-mini", "chatgpt-4o-latest", "gpt-4.1", "gpt-4.1-mini", "gpt-4.5-preview", "gpt-5",
                        "gpt-5.1",
                "gpt-6", "o1", "o3-mini", "o4-mini", "gpt-oss-120b", "ft:gpt-4o:org", "ft:gpt-4.1-mini:org",
                        "openai/gpt-4o",
                "claude-sonnet-4-5", "deepseek-chat", "our-own", ""
            })
    void newerAndUnknownModelsUseO200k(String model) {
        assertThat(Encodings.nameFor(model)).isEqualTo(Encodings.Name.O200K_BASE);
    }

    /** What the lower bound of every count stands on. */
    @ParameterizedTest
    @EnumSource
    void noTokenIsLongerThan128Bytes(Encodings.Name name) throws IOException {
        int longest = 0;
        try (BufferedReader ranks = new BufferedReader(new InputStreamReader(
                com.knuddels.jtokkit.Encodings.class.getResourceAsStream(name + ".tiktoken"), US_ASCII))) {
            for (String line; (line = ranks.readLine()) != null; ) {
                byte[] token = Base64.getDecoder().decode(line.substring(0, line.indexOf(' ')));
                longest = Math.max(longest, token.length);
            }
        }

        assertThat(longest).isEqualTo(128);
    }
}
