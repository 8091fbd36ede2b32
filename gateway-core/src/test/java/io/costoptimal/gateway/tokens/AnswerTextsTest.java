package io.costoptimal.gateway.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.SeenText.Form;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How many tokens an answer's text has. */
class AnswerTextsTest {

    private static long count(Operation operation, Form form, String text) {
        byte[] bytes = text.replace('\'', '"').getBytes(UTF_8);
        return TokenCounter.count(operation, "gpt-4o", new SeenText(bytes, bytes.length, 0, form, null), () -> false);
    }

    private static long tokens(String... texts) {
        return Arrays.stream(texts)
                .mapToLong(text -> Encodings.get(Encodings.Name.O200K_BASE).countTokensOrdinary(text))
                .sum();
    }

    /** Operation, document, texts. */
    static Stream<Arguments> documents() {
        return Stream.of(
                Arguments.of(
                        StandardOperations.CHAT_COMPLETIONS,
                        "{'id':'not this','choices':[{'message':{'role':'assistant','content':'Hello there'}},"
                                + "{'message':{'refusal':'I will not','tool_calls':[{'id':'x','type':'function',"
                                + "'function':{'name':'f','arguments':'{}'}}]},'logprobs':{'content':[]}}]}",
                        new String[] {"Hello there", "I will not", "{}"}),
                Arguments.of(
                        StandardOperations.CHAT_COMPLETIONS,
                        "{'choices':[{'message':{'reasoning':'Let me see','reasoning_content':'Let me see'}}]}",
                        new String[] {"Let me see"}),
                Arguments.of(
                        StandardOperations.CHAT_COMPLETIONS,
                        "{'choices':[{'message':{'reasoning_content':null,'reasoning':'Let me see'}}]}",
                        new String[] {"Let me see"}),
                Arguments.of(
                        StandardOperations.COMPLETIONS,
                        "{'choices':[{'text':'once upon'},{'text':'a time'}]}",
                        new String[] {"once upon", "a time"}),
                Arguments.of(
                        StandardOperations.RESPONSES,
                        "{'instructions':'not this','output':[{'type':'reasoning','summary':[{'text':'A summary'}]},"
                                + "{'type':'message','content':[{'type':'output_text','text':'Hello there'}]},"
                                + "{'type':'function_call','name':'f','arguments':'{}'}],'text':{'format':{}}}",
                        new String[] {"A summary", "Hello there", "{}"}),
                Arguments.of(
                        StandardOperations.MESSAGES,
                        "{'content':[{'type':'thinking','thinking':'Let me see','signature':'not this'},"
                                + "{'type':'text','text':'Hello there'},"
                                + "{'type':'tool_use','name':'f','input':{'a': [1]}}]}",
                        new String[] {"Let me see", "Hello there", "{\"a\": [1]}"}),
                Arguments.of(StandardOperations.EMBEDDINGS, "{'data':[{'embedding':[1]}]}", new String[] {}));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void countsEachStringOfADocumentByItself(Operation operation, String document, String[] texts) {
        assertThat(count(operation, Form.DOCUMENT, document)).isEqualTo(tokens(texts));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'choices':[{'message':{'content':'Hello there, my fri | Hello there, my fri",
                "{'choices':[{'message':{'content':'Hello'}},{'message':{'content | Hello",
                "{'choices':[{'message':{'content':'Hello','refusal':'n | Hello,n"
            })
    void countsTheLastStringOfACutDocumentAsFarAsItCame(String document, String text) {
        String[] texts = text.equals("Hello,n") ? text.split(",") : new String[] {text};

        assertThat(count(StandardOperations.CHAT_COMPLETIONS, Form.DOCUMENT, document))
                .isEqualTo(tokens(texts));
    }

    @Test
    void countsTheTextOfAStreamAsOne() {
        assertThat(count(StandardOperations.MESSAGES, Form.STRING, "'a \\'word\\' \\ud83d\\ude00 and more'"))
                .isEqualTo(tokens("a 'word' \ud83d\ude00 and more".replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o-mini, true",
        "openai/gpt-4.1, true",
        "gpt-3.5-turbo, true",
        "gpt-5-nano, true",
        "O3-mini, true",
        "ft:gpt-4o:acme, true",
        "claude-sonnet-4, false",
        "llama-3, false",
        "o200k, false"
    })
    void knowsWhichModelsAnEncodingBelongsTo(String model, boolean known) {
        assertThat(Encodings.knows(model)).isEqualTo(known);
    }
}
