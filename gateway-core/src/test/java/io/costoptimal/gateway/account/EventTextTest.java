package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.SeenText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
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

/** Which text of a stream is kept to be counted, wherever the stream is cut. */
class EventTextTest {

    private final Accounting accounting = Accounting.within(0);

    private SeenText seen(Operation operation, String stream, int piece) {
        UsageTap tap = UsageTap.of(operation, true, -1, accounting);
        byte[] bytes = stream.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += piece) {
            int n = Math.min(piece, bytes.length - at);
            ByteBuf read = Unpooled.wrappedBuffer(bytes, at, n);
            tap.payload(read, 0, n);
        }
        SeenText seen = tap.seen();
        seen.release();
        assertThat(accounting.texts().level().held()).isZero();
        return seen;
    }

    private static String text(SeenText seen) {
        return new String(seen.bytes(), 0, seen.length(), UTF_8);
    }

    private static String data(String json) {
        return "data: " + json.replace('\'', '"') + "\n\n";
    }

    /** Operation, events, text. */
    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of(
                        StandardOperations.CHAT_COMPLETIONS,
                        data("{'id':'content','choices':[{'index':0,'delta':{'role':'assistant','content':''}}]}")
                                + data(
                                        "{'choices':[{'delta':{'content':'a \\'content\\': \\n'},'finish_reason':null}]}")
                                + data("{'choices': [{'delta': {'content': 'spaced', 'refusal': null}}]}")
                                + data("{'choices':[{'delta':{'refusal':'no'}},{'delta':{'content':'second'}}]}")
                                + data("{'choices':[{'delta':{'tool_calls':[{'function':"
                                        + "{'name':'f','arguments':'{\\'content\\':\\'x\\'}'}}]}}]}")
                                + "data: [DONE]\n\n",
                        "\"a \\\"content\\\": \\nspacednosecond{\\\"content\\\":\\\"x\\\"}\""),
                Arguments.of(
                        StandardOperations.CHAT_COMPLETIONS,
                        data("{'choices':[{'delta':{'reasoning':'think','reasoning_content':'think'}}]}")
                                + data("{'choices':[{'delta':{'reasoning_content':' on','reasoning':' on'}}]}")
                                + data("{'choices':[{'delta':{'reasoning':'','reasoning_content':'!'}}]}")
                                + data("{'choices':[{'delta':{'content':'told','reasoning':null}}]}"),
                        "\"think on!told\""),
                Arguments.of(
                        StandardOperations.COMPLETIONS,
                        data("{'choices':[{'text':'old ','logprobs':null}]}") + data("{'choices':[{'text':'way'}]}"),
                        "\"old way\""),
                Arguments.of(
                        StandardOperations.RESPONSES,
                        "event: response.output_text.delta\n"
                                + data("{'type':'response.output_text.delta','sequence_number':3,'delta':'Hi'}")
                                + data("{'type':'response.function_call_arguments.delta','delta':'{}'}")
                                + data("{'type':'response.output_text.done','text':'Hi'}")
                                + data("{'type':'response.completed','response':{'output':[{'content':"
                                        + "[{'text':'Hi'}]}],'usage':null}}"),
                        "\"Hi{}\""),
                Arguments.of(
                        StandardOperations.MESSAGES,
                        "event: message_start\n"
                                + data("{'type':'message_start','message':{'content':[],'usage':{'input_tokens':3}}}")
                                + data("{'type':'content_block_start','content_block':{'type':'text','text':''}}")
                                + data("{'type':'content_block_delta','delta':{'type':'text_delta','text':'Hi'}}")
                                + data("{'type':'content_block_delta','delta':{'type':'thinking_delta',"
                                        + "'thinking':' hm'}}")
                                + data("{'type':'content_block_delta','delta':{'type':'signature_delta',"
                                        + "'signature':'abc'}}")
                                + data("{'type':'content_block_delta','delta':{'type':'input_json_delta',"
                                        + "'partial_json':'{\\'a\\'}'}}"),
                        "\"Hi hm{\\\"a\\\"}\""),
                Arguments.of(StandardOperations.CHAT_COMPLETIONS, ": content\n\nevent: \"content\":\"x\"\n\n", ""));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void keepsThePiecesOfTextInTheirOrder(Operation operation, String stream, String text) {
        for (int piece = 1; piece <= stream.length(); piece++) {
            for (String lineEnd : new String[] {"\n", "\r\n", "\r"}) {
                SeenText seen = seen(operation, stream.replace("\n", lineEnd), piece);

                assertThat(text(seen)).as("pieces of %d", piece).isEqualTo(text);
                assertThat(seen.form()).isEqualTo(SeenText.Form.STRING);
                assertThat(seen.missed()).isZero();
            }
        }
    }

    /** Jackson reads each event whole, and takes every string that is a member called so. */
    @Test
    void findsWhatAParserFindsInRandomEvents() {
        Random random = new Random(11);
        for (int round = 0; round < 3_000; round++) {
            StringBuilder stream = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                StringBuilder event = new StringBuilder();
                RandomJson.object(random, event, 4);
                stream.append("data: ").append(event).append("\n\n");
                expected.append(parsed(event.toString()));
            }
            SeenText seen = seen(StandardOperations.CHAT_COMPLETIONS, stream.toString(), 1 + random.nextInt(200));

            String found = seen.length() == 0 ? "" : unescaped(text(seen));
            assertThat(found).as(stream.toString()).isEqualTo(expected.toString());
        }
    }

    private static String parsed(String event) {
        StringBuilder text = new StringBuilder();
        try (JsonParser parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), event)) {
            String twin = null;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.VALUE_STRING
                        || parser.streamReadContext().inArray()) {
                    continue;
                }
                String name = parser.currentName();
                switch (name) {
                    case "content", "refusal", "arguments" -> text.append(parser.getString());
                    case "reasoning", "reasoning_content" -> {
                        twin = twin == null && !parser.getString().isEmpty() ? name : twin;
                        text.append(name.equals(twin) ? parser.getString() : "");
                    }
                    default -> {}
                }
            }
        }
        return text.toString();
    }

    private static String unescaped(String string) {
        try (JsonParser parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), string)) {
            parser.nextToken();
            return parser.getString();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions | {'choices':[{'delta':{'audio':{'data':'AAAA'}}}]} | STRING_AND_OTHER",
                "/v1/chat/completions | {'choices':[{'delta':{'audio':null,'images':[]}}]} | STRING",
                "/v1/responses | {'type':'response.audio.delta','delta':'AAAA'} | STRING_AND_OTHER",
                "/v1/responses | {'type':'response.image','partial_image_b64':'AAAA'} | STRING_AND_OTHER"
            })
    void saysWhetherThereIsMoreThanText(String path, String event, SeenText.Form form) {
        Operation operation =
                path.equals("/v1/responses") ? StandardOperations.RESPONSES : StandardOperations.CHAT_COMPLETIONS;

        SeenText seen = seen(operation, data(event), 1000);

        assertThat(seen.form()).isEqualTo(form);
        assertThat(seen.length()).isZero();
    }

    @Test
    void textBeyondTheMostThatIsKeptIsOnlyMeasured() {
        String piece = data("{'choices':[{'delta':{'content':'" + "x".repeat(1000) + "'}}]}");

        SeenText seen = seen(StandardOperations.CHAT_COMPLETIONS, piece.repeat(100), 700);

        assertThat(text(seen)).isEqualTo('"' + "x".repeat(65_000) + '"');
        assertThat(seen.missed()).isEqualTo(35_000);
    }

    /** The first event of a response repeats its instructions and tools, which may be long. */
    @Test
    void aLongEventWithoutTextIsNotTakenForText() {
        String stream = data("{'type':'response.created','response':{'instructions':'" + "x".repeat(100_000) + "'}}")
                + data("{'type':'response.output_text.delta','delta':'Hi'}");

        SeenText seen = seen(StandardOperations.RESPONSES, stream, 8000);

        assertThat(text(seen)).isEqualTo("\"Hi\"");
        assertThat(seen.missed()).isZero();
        assertThat(seen.form()).isEqualTo(SeenText.Form.STRING_AND_OTHER);
    }

    @Test
    void theRestOfATextThatIsTooLongIsMeasured() {
        String stream = data("{'choices':[{'delta':{'content':'" + "x".repeat(100_000) + "'}}]}");

        SeenText seen = seen(StandardOperations.CHAT_COMPLETIONS, stream, 8000);

        assertThat(seen.length()).isLessThan(2);
        assertThat(seen.missed()).isBetween(100_000L, 100_010L);
    }

    @Test
    void withoutMemoryNothingIsKeptAndThatIsSaid() {
        Accounting poor = new Accounting(new ByteBudget(10), new ByteBudget(0));
        UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, true, -1, poor);
        ByteBuf read = Unpooled.copiedBuffer(data("{'choices':[{'delta':{'content':'Hello'}}]}"), UTF_8);
        tap.payload(read, 0, read.readableBytes());

        SeenText seen = tap.seen();
        assertThat(seen.length()).isZero();
        assertThat(seen.missed()).isEqualTo(5);
        seen.release();
        assertThat(poor.texts().level().held()).isZero();
    }

    @Test
    void anEventThatIsCutOffInItsMiddleIsNotCounted() {
        SeenText seen = seen(
                StandardOperations.CHAT_COMPLETIONS,
                data("{'choices':[{'delta':{'content':'a'}}]}") + "data: {\"choices\":[{\"delta\":{\"content\":\"b\"",
                1000);

        assertThat(text(seen)).isEqualTo("\"a\"");
    }
}
