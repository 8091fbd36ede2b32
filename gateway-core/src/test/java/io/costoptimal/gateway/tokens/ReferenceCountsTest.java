package io.costoptimal.gateway.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.testing.Constant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Our counts against counts that others made.
 *
 * <p>{@code reference.jsonl} was written by {@code reference.mjs} beside it, with two tokenizers for JavaScript that agree
 * on every line and share no code with ours. The other tables are published: by OpenAI's tests of tiktoken
 * (github.com/openai/tiktoken, tests/test_encoding.py), by OpenAI's cookbook ("How to count tokens with tiktoken"), and by
 * github.com/pamelafox/openai-messages-token-helper (tests/messages.py), which checked its own against the live API.
 */
class ReferenceCountsTest {

    private static final String GPT_4 = "gpt-4-0613";
    private static final String GPT_4O = "gpt-4o-2024-05-13";

    static Stream<Arguments> texts() throws IOException {
        return lines().filter(line -> line.containsKey("text")).map(line -> Arguments.of(line.get("text"), line));
    }

    static Stream<Arguments> requests() throws IOException {
        return lines().filter(line -> line.containsKey("body")).map(line -> Arguments.of(line.get("body"), line));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void countsTextsAsTheReferenceDoes(String text, Map<String, String> counts) {
        byte[] body = ("{\"prompt\":" + quoted(text) + "}").getBytes(UTF_8);

        assertThat(TokenCounter.count(StandardOperations.COMPLETIONS, GPT_4, body))
                .hasToString(counts.get("cl100k_base"));
        assertThat(TokenCounter.count(StandardOperations.COMPLETIONS, GPT_4O, body))
                .hasToString(counts.get("o200k_base"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void countsWholeRequestsAsTheReferenceDoes(String text, Map<String, String> counts) {
        Operation operation = Constant.operation(counts.get("endpoint"));
        byte[] body = text.getBytes(UTF_8);

        assertThat(TokenCounter.count(operation, GPT_4, body)).hasToString(counts.get("cl100k_base"));
        assertThat(TokenCounter.count(operation, GPT_4O, body)).hasToString(counts.get("o200k_base"));
    }

    @Test
    void theReferenceIsLargeEnough() throws IOException {
        assertThat(texts()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(requests()).hasSizeGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "rer, 1",
                "'rer, 2",
                "\"today\\n \", 3",
                "\"today\\n \\n\", 2",
                "\"today\\n  \\n\", 2",
                "\" \\u00850\", 4",
                "\\ud83d\\udc4d, 3",
                "tiktoken is great!, 6",
                "antidisestablishmentarianism, 6",
                "2 + 2 = 4, 7",
            })
    void countsWhatOpenAiPublishedForCl100k(String escaped, int tokens) {
        byte[] body = ("{\"prompt\":\"" + escaped + "\"}").getBytes(UTF_8);

        assertThat(TokenCounter.count(StandardOperations.COMPLETIONS, GPT_4, body))
                .isEqualTo(tokens);
    }

    @Test
    void countsTheMessagesOfTheCookbook() {
        byte[] body = """
                {"messages":[
                {"role":"system","content":"You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
                {"role":"system","name":"example_user","content":"New synergies will help drive top-line growth."},
                {"role":"system","name":"example_assistant","content":"Things working well together will increase revenue."},
                {"role":"system","name":"example_user","content":"Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
                {"role":"system","name":"example_assistant","content":"Let's talk later when we're less busy about how to do better."},
                {"role":"user","content":"This late pivot means we don't have time to boil the ocean for the client deliverable."}]}
                """.getBytes(UTF_8);

        assertThat(TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, "gpt-3.5-turbo", body))
                .isEqualTo(129);
        assertThat(TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, GPT_4, body))
                .isEqualTo(129);
        assertThat(TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, GPT_4O, body))
                .isEqualTo(124);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "system|You are a bot.|12|12",
                "system|\u00e1|8|8",
                "user|\u00e1|8|8",
                "user|Hello, how are you?|13|13",
                "user|What happens in a performance review?|14|14",
                "user|Is there a dress code?|13|13",
                "assistant|Yes, there is a dress code at Contoso Electronics. Look sharp! [employee_handbook-1.pdf]|30|30",
                "user|What does a Product Manager do?|14|14",
            })
    void countsSingleMessagesAsTheApiBilledThem(String role, String content, int gpt4, int gpt4o) {
        byte[] body =
                ("{\"messages\":[{\"role\":\"" + role + "\",\"content\":" + quoted(content) + "}]}").getBytes(UTF_8);

        assertThat(TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, GPT_4, body))
                .isEqualTo(gpt4);
        assertThat(TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, GPT_4O, body))
                .isEqualTo(gpt4o);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            out.append(c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
        }
        return out.append('"').toString();
    }

    private static Stream<Map<String, String>> lines() throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(ReferenceCountsTest.class.getResourceAsStream("reference.jsonl"), UTF_8))) {
            return reader.lines().map(ReferenceCountsTest::parsed).toList().stream();
        }
    }

    private static Map<String, String> parsed(String line) {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, parser.getString());
            }
        }
        return members;
    }
}
