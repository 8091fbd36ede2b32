package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.exchange.Usage.Extra;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTapTest {

    /** An answer, and what is to be found in it. */
    record Answer(String what, Operation operation, boolean events, String bytes, Usage usage, boolean ended) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Answer document(String what, Operation operation, String bytes, Usage usage) {
        return new Answer(what, operation, false, bytes, usage, true);
    }

    private static Answer events(String what, Operation operation, Usage usage, boolean ended, String... data) {
        StringBuilder out = new StringBuilder();
        for (String event : data) {
            out.append("data: ").append(event).append("\n\n");
        }
        return new Answer(what, operation, true, out.toString(), usage, ended);
    }

    private static final String CHAT_USAGE = "{\"prompt_tokens\":19,\"completion_tokens\":10,\"total_tokens\":29,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":4,\"audio_tokens\":0,\"cache_write_tokens\":3},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":7,\"audio_tokens\":0,\"accepted_prediction_tokens\":0}}";

    private static final String RESPONSE_USAGE =
            "{\"input_tokens\":36,\"input_tokens_details\":{\"cached_tokens\":5,\"cache_write_tokens\":2},"
                    + "\"output_tokens\":87,\"output_tokens_details\":{\"reasoning_tokens\":8},\"total_tokens\":123}";

    private static final String MESSAGE_USAGE = "{\"input_tokens\":25,\"cache_creation_input_tokens\":11,"
            + "\"cache_read_input_tokens\":12,\"cache_creation\":{\"ephemeral_5m_input_tokens\":11,\"input_tokens\":99},"
            + "\"output_tokens\":15,\"output_tokens_details\":{\"thinking_tokens\":6},"
            + "\"server_tool_use\":{\"web_search_requests\":1,\"output_tokens\":98},\"service_tier\":\"standard\","
            + "\"inference_geo\":null}";

    private static final Usage CHAT = new Usage(new Usage.Input(12, 4, 3, -1, 0), new Usage.Output(10, 7, 0));

    private static final Usage RESPONSE = usage(29, 5, 2, 87, 8);

    private static Usage usage(long uncached, long cached, long written, long output, long reasoning) {
        return new Usage(new Usage.Input(uncached, cached, written, -1, -1), new Usage.Output(output, reasoning, -1));
    }

    /** The same of an answer for which the provider searched the web. */
    private static Usage searched(long uncached, long cached, long written, long output, long reasoning) {
        Usage usage = usage(uncached, cached, written, output, reasoning);
        return new Usage(
                usage.input(),
                usage.output(),
                extras("SERVER_TOOL web_search_requests 1, SERVER_TOOL output_tokens 98"));
    }

    private static final String FORGED = "{\\\"usage\\\":{\\\"prompt_tokens\\\":1,\\\"input_tokens\\\":1}}";

    static Stream<Answer> answers() {
        List<Answer> all = new ArrayList<>();
        documents(all);
        chatStreams(all);
        responseStreams(all);
        messageStreams(all);
        return all.stream();
    }

    private static void documents(List<Answer> all) {
        all.add(document(
                "chat",
                StandardOperations.CHAT_COMPLETIONS,
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"" + FORGED
                        + " \\\\\",\"refusal\":null},\"finish_reason\":\"stop\"}],\"usage\":" + CHAT_USAGE
                        + ",\"service_tier\":\"default\"}",
                CHAT));
        all.add(document(
                "chat, pretty, usage first",
                StandardOperations.CHAT_COMPLETIONS,
                "\n { \"usage\" : "
                        + CHAT_USAGE.replace(":", " : ").replace(",", "\n , ").replace("}", "\r\n }")
                        + " , \"choices\" : [ ] }\n",
                CHAT));
        all.add(document(
                "tool arguments that look like usage",
                StandardOperations.MESSAGES,
                "{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"input\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}],"
                        + "\"usage\":" + MESSAGE_USAGE + ",\"container\":{\"usage\":{\"input_tokens\":2}}}",
                searched(25, 12, 11, 15, 6)));
        all.add(document(
                "response with tools echoed after the usage",
                StandardOperations.RESPONSES,
                "{\"id\":\"resp_1\",\"error\":null,\"output\":[],\"usage\":" + RESPONSE_USAGE
                        + ",\"tools\":[{\"parameters\":{\"properties\":{\"usage\":{\"input_tokens\":1}}}}],\"metadata\":{\"usage\":{\"input_tokens\":1}}}",
                RESPONSE));
        all.add(document(
                "embeddings",
                StandardOperations.EMBEDDINGS,
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,-1.25e-3,3]}],"
                        + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}",
                Usage.of(8, -1)));
        all.add(document(
                "completions",
                StandardOperations.COMPLETIONS,
                "{\"object\":\"text_completion\",\"choices\":[{\"text\":\"\\u0022usage\\u0022:{\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}}",
                Usage.of(5, 7)));
        all.add(document("usage null", StandardOperations.RESPONSES, "{\"status\":\"failed\",\"usage\":null}", null));
        all.add(document("usage missing", StandardOperations.CHAT_COMPLETIONS, "{\"choices\":[]}", null));
        all.add(document("usage empty", StandardOperations.CHAT_COMPLETIONS, "{\"usage\":{}}", null));
        all.add(document(
                "usage of other types",
                StandardOperations.CHAT_COMPLETIONS,
                "{\"usage\":[{\"prompt_tokens\":1}]}",
                null));
        all.add(document(
                "figures of other types",
                StandardOperations.CHAT_COMPLETIONS,
                "{\"usage\":{\"prompt_tokens\":null,\"completion_tokens\":\"7\",\"input_tokens\":-1,\"output_tokens\":1.5,"
                        + "\"prompt_tokens_details\":null,\"completion_tokens_details\":{\"reasoning_tokens\":2}}}",
                usage(-1, -1, -1, -1, 2)));
        all.add(document(
                "a figure beyond all reason",
                StandardOperations.CHAT_COMPLETIONS,
                "{\"usage\":{\"prompt_tokens\":99999999999999999999999,\"completion_tokens\":3}}",
                Usage.of(-1, 3)));
        all.add(document(
                "a figure of more than a thousand million is a fault",
                StandardOperations.CHAT_COMPLETIONS,
                "{\"usage\":{\"prompt_tokens\":1000000000,\"completion_tokens\":1000000001}}",
                Usage.of(1_000_000_000, -1)));
        all.add(document(
                "whole numbers written with a fraction or an exponent",
                StandardOperations.CHAT_COMPLETIONS,
                "{\"usage\":{\"prompt_tokens\":11.0,\"completion_tokens\":1.5e1,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":0.0,\"cache_write_tokens\":40E-1}}}",
                usage(7, 0, 4, 15, -1)));
        all.add(document(
                "error page", StandardOperations.MESSAGES, "<html>\"usage\":{\"input_tokens\":1}</html>", null));
        all.add(document("an array", StandardOperations.MESSAGES, "[{\"usage\":{\"input_tokens\":1}}]", null));
        all.add(document("a string", StandardOperations.MESSAGES, "\"{\" {\"usage\":{\"input_tokens\":1}}", null));
        all.add(document(
                "error with status 200",
                StandardOperations.MESSAGES,
                "{\"error\":{\"usage\":{\"input_tokens\":1}}}",
                null));
        all.add(new Answer(
                "cut off inside the usage",
                StandardOperations.MESSAGES,
                false,
                "{\"usage\":{\"input_tokens\":25,\"output_tokens\":1",
                null,
                false));
    }

    private static void chatStreams(List<Answer> all) {
        String first =
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\""
                        + FORGED + "\"},\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"x\"}";
        String last = "{\"id\":\"c\",\"choices\":[],\"usage\":" + CHAT_USAGE + "}";
        all.add(events("chat stream", StandardOperations.CHAT_COMPLETIONS, CHAT, true, first, last, "[DONE]"));
        all.add(events("usage, then null", StandardOperations.CHAT_COMPLETIONS, CHAT, true, last, first, "[DONE]"));
        all.add(events(
                "usage on every chunk",
                StandardOperations.CHAT_COMPLETIONS,
                CHAT,
                true,
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":1,\"cached_tokens\":9}}",
                last,
                "[DONE]"));
        all.add(events(
                "usage on every chunk, zeros on the last",
                StandardOperations.CHAT_COMPLETIONS,
                CHAT,
                true,
                last,
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0}}}",
                "[DONE]"));
        all.add(events(
                "no usage asked for", StandardOperations.CHAT_COMPLETIONS, null, true, "{\"choices\":[{}]}", "[DONE]"));
        all.add(events("no last event", StandardOperations.CHAT_COMPLETIONS, null, false, first));
        all.add(events(
                "text like the last event",
                StandardOperations.CHAT_COMPLETIONS,
                null,
                false,
                "[DONE",
                "\"[DONE]\"",
                "x[DONE]"));
        all.add(events(
                "an error in the stream",
                StandardOperations.CHAT_COMPLETIONS,
                null,
                true,
                "{\"error\":{\"message\":\"m\"}}"));
        all.add(events(
                "an error that is none",
                StandardOperations.CHAT_COMPLETIONS,
                null,
                false,
                "{\"error\":null,\"choices\":[]}"));
        all.add(events(
                "broken events do not spoil the next",
                StandardOperations.CHAT_COMPLETIONS,
                CHAT,
                true,
                "{\"choices\":[{\"delta\":{\"content\":\"no end",
                "{\"usage\":{\"prompt_tokens\":1",
                "}}}]]",
                last,
                "[DONE]"));
        all.add(new Answer(
                "an event in two lines of data, comments, other fields and a byte order mark",
                StandardOperations.CHAT_COMPLETIONS,
                true,
                "\ufeff: keep-alive\n\nevent: x\nid: 1\ndata:{\"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":1}}\nretry: 3\n\n"
                        + "database: {\"usage\":{\"prompt_tokens\":9}}\n\ndata\n\ndata:[DONE]\n\n",
                Usage.of(1, -1),
                true));
        all.add(new Answer(
                "an array that begins like the marker, over several lines",
                StandardOperations.CHAT_COMPLETIONS,
                true,
                "data: [DO\ndata: {\"usage\":{\"prompt_tokens\":1}}\n\ndata:[{\"usage\":{\"prompt_tokens\":2}}]\n\n"
                        + "data: [DONE]{\"usage\":{\"prompt_tokens\":3}}\n",
                null,
                false));
        all.add(new Answer(
                "a last event without its blank line",
                StandardOperations.CHAT_COMPLETIONS,
                true,
                "data: [DONE]\n",
                null,
                false));
    }

    private static void responseStreams(List<Answer> all) {
        String created =
                "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"usage\":null},\"sequence_number\":0}";
        for (String type : List.of("completed", "incomplete", "failed", "done")) {
            all.add(events(
                    "response." + type,
                    StandardOperations.RESPONSES,
                    RESPONSE,
                    true,
                    created,
                    "{\"type\":\"response.output_text.delta\",\"delta\":\"" + FORGED + "\"}",
                    "{\"type\":\"response." + type
                            + "\",\"response\":{\"output\":[{\"usage\":{\"input_tokens\":1}}],\"usage\":"
                            + RESPONSE_USAGE + ",\"tools\":[{\"usage\":{\"input_tokens\":1}}]}}"));
        }
        all.add(events(
                "response still running",
                StandardOperations.RESPONSES,
                null,
                false,
                created,
                "{\"type\":\"keepalive\"}"));
        all.add(events(
                "a response's error", StandardOperations.RESPONSES, null, true, "{\"type\":\"error\",\"code\":\"x\"}"));
        all.add(
                events(
                        "a type that is not the event's",
                        StandardOperations.RESPONSES,
                        null,
                        false,
                        "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"error\"},\"response\":{\"type\":\"response.completed\"}}"));
    }

    private static void messageStreams(List<Answer> all) {
        String start = "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"content\":[],\"usage\":"
                + MESSAGE_USAGE + "}}";
        String delta = "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                + FORGED + "\"}}";
        String end =
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":150}}";
        String stop = "{\"type\":\"message_stop\"}";
        all.add(events(
                "message stream",
                StandardOperations.MESSAGES,
                searched(25, 12, 11, 150, 6),
                true,
                start,
                "{\"type\":\"ping\"}",
                delta,
                end,
                stop));
        all.add(events(
                "later figures override, nulls do not",
                StandardOperations.MESSAGES,
                searched(30, 12, 40, 160, 6),
                true,
                start,
                end,
                "{\"type\":\"message_delta\",\"usage\":{\"input_tokens\":30,\"cache_read_input_tokens\":null,"
                        + "\"cache_creation_input_tokens\":40,\"output_tokens\":160}}",
                stop));
        all.add(events(
                "zeros that repeat the figures do not replace them",
                StandardOperations.MESSAGES,
                usage(25, 900, 40, 15, -1),
                true,
                "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,"
                        + "\"cache_read_input_tokens\":900,\"cache_creation_input_tokens\":40,\"output_tokens\":1}}}",
                "{\"type\":\"message_delta\",\"usage\":{\"input_tokens\":0,\"cache_read_input_tokens\":0,"
                        + "\"cache_creation_input_tokens\":0,\"output_tokens\":15}}",
                stop));
        all.add(events(
                "the last event with cache counters wins as a whole",
                StandardOperations.MESSAGES,
                usage(10, 900, 0, 15, -1),
                true,
                "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":950,"
                        + "\"cache_read_input_tokens\":0,\"cache_creation_input_tokens\":3,\"output_tokens\":15}}}",
                "{\"type\":\"message_delta\",\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":900,"
                        + "\"cache_creation_input_tokens\":0,\"output_tokens\":9}}",
                "{\"type\":\"message_delta\",\"usage\":{\"input_tokens\":910,\"cache_read_input_tokens\":0,"
                        + "\"cache_creation_input_tokens\":0,\"output_tokens\":0}}",
                stop));
        all.add(events(
                "a message cut short", StandardOperations.MESSAGES, searched(25, 12, 11, 15, 6), false, start, delta));
        all.add(events(
                "overloaded",
                StandardOperations.MESSAGES,
                null,
                true,
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"));
        Answer named =
                events("", StandardOperations.MESSAGES, searched(25, 12, 11, 150, 6), true, start, delta, end, stop);
        for (String lineEnd : List.of("\n", "\r\n", "\r")) {
            String bytes =
                    named.bytes.replace("data: ", "event: message\ndata: ").replace("\n", lineEnd);
            all.add(new Answer(
                    "lines that end with " + lineEnd.replace("\r", "CR").replace("\n", "LF"),
                    StandardOperations.MESSAGES,
                    true,
                    bytes,
                    named.usage,
                    true));
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void findsTheUsageWhereverTheAnswerIsCut(Answer answer) {
        byte[] bytes = answer.bytes.getBytes(UTF_8);
        assertFound(answer, bytes, bytes.length);
        assertFound(answer, bytes, 1);
        assertFound(answer, bytes, 7);
        for (int cut = 1; cut < bytes.length; cut++) {
            UsageTap tap = UsageTap.of(answer.operation, answer.events, -1);
            feed(tap, bytes, 0, cut);
            feed(tap, bytes, cut, bytes.length);
            assertThat(tap.usage()).as("cut at %s", cut).isEqualTo(answer.usage);
            assertThat(tap.ended()).as("cut at %s", cut).isEqualTo(answer.ended);
        }
    }

    private static void assertFound(Answer answer, byte[] bytes, int pieces) {
        UsageTap tap = UsageTap.of(answer.operation, answer.events, bytes.length);
        for (int at = 0; at < bytes.length; at += pieces) {
            feed(tap, bytes, at, Math.min(bytes.length, at + pieces));
        }
        assertThat(tap.usage()).as("pieces of %s", pieces).isEqualTo(answer.usage);
        assertThat(tap.ended()).as("pieces of %s", pieces).isEqualTo(answer.ended);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void knowsEveryEventBoundary(Answer answer) {
        if (!answer.events) {
            return;
        }
        byte[] bytes = answer.bytes.getBytes(UTF_8);
        UsageTap tap = UsageTap.of(answer.operation, true, -1);
        assertThat(tap.atEventBoundary()).isTrue();
        for (int at = 0; at < bytes.length; at++) {
            feed(tap, bytes, at, at + 1);
            String soFar = new String(bytes, 0, at + 1, UTF_8);
            assertThat(tap.atEventBoundary())
                    .as(soFar)
                    .isEqualTo(soFar.endsWith("\n\n") || soFar.endsWith("\r\n\r\n") || soFar.endsWith("\r\r"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n\r", "a\r\n\r", "a\r\n", "a\n", "a\r", "\n\nb", "\r\rb", ":\n"})
    void aHalfFinishedLineIsNoBoundary(String text) {
        UsageTap tap = UsageTap.of(StandardOperations.MESSAGES, true, -1);

        feed(tap, text.getBytes(UTF_8), 0, text.length());

        assertThat(tap.atEventBoundary()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"usage\":{\"prompt_tokens\":1}}",
                "{\"usage\" :{\"prompt_tokens\":1}}",
                "{\"usage\":null,\"usage\":{\"prompt_tokens\":1}}",
                "{\"usage\":null{\"prompt_tokens\":1}}",
                "{\"usage\":nul,\"x\":\"usage\",\"usage\"null{\"prompt_tokens\":1}}",
                "{\"x\":\"the\",\"y\":\"for\",\"page\":1,\"usage\":{\"prompt_tokens\":1}}"
            })
    void usageInAnEventIsFoundWhereverItStands(String event) {
        for (int pad = 0; pad < 40; pad++) {
            String answer = "data: {\"a\":\"" + "é".repeat(pad % 3) + "x".repeat(pad) + "\"}\n\ndata: {\"a\":\""
                    + "y".repeat(pad) + "\"," + event.substring(1)
                    + "\n\ndata: {\"choices\":[\"z\"],\"usage\":null}\n\n";
            byte[] bytes = answer.getBytes(UTF_8);
            UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, true, -1);

            feed(tap, bytes, 0, bytes.length);

            assertThat(tap.usage()).as(answer).isEqualTo(Usage.of(1, -1));
            assertThat(tap.atEventBoundary()).isTrue();
            assertThat(tap.ended()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{}}", "{\"type\":\"error\"}", "{\"a\":1,\"type\" : \"message_stop\"}"})
    void theLastEventIsFoundBehindThoseThatSayNothing(String event) {
        for (int pad = 0; pad < 40; pad++) {
            String quiet = "data: {\"choices\":[\"" + "x".repeat(pad) + "\"],\"usage\":null}\n\n";
            byte[] bytes = (quiet + quiet + "data: " + event + "\n\n").getBytes(UTF_8);
            UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, true, -1);

            feed(tap, bytes, 0, 2 * quiet.length());
            assertThat(tap.ended()).isFalse();
            feed(tap, bytes, 2 * quiet.length(), bytes.length);

            assertThat(tap.ended()).as(event).isTrue();
        }
    }

    /** A usage object, and its classes: uncached, cached, written, written for an hour, audio; output, reasoning, audio. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt_tokens':10,'completion_tokens':2} | 10 -1 -1 -1 -1 | 2 -1 -1",
                "{'prompt_tokens':10,'prompt_tokens_details':{'cached_tokens':4,'cache_write_tokens':5}} | 1 4 5 -1 -1 | -1 -1 -1",
                "{'prompt_tokens':3,'prompt_tokens_details':{'cached_tokens':4}} | 0 4 -1 -1 -1 | -1 -1 -1",
                "{'prompt_tokens':10,'cached_tokens':4} | 6 4 -1 -1 -1 | -1 -1 -1",
                "{'prompt_tokens':10,'prompt_cache_hit_tokens':4,'prompt_cache_miss_tokens':6} | 6 4 -1 -1 -1 | -1 -1 -1",
                "{'prompt_tokens':10,'cache_read_input_tokens':4} | 6 4 -1 -1 -1 | -1 -1 -1",
                "{'input_tokens':10,'input_tokens_details':{'cached_tokens':4}} | 6 4 -1 -1 -1 | -1 -1 -1",
                "{'input_tokens':10,'cache_read_input_tokens':4,'cache_creation_input_tokens':5} | 10 4 5 -1 -1 | -1 -1 -1",
                // Servers of two APIs name a figure twice, the one they do not use with 0; or one and the same input
                // twice.
                "{'prompt_tokens':10,'completion_tokens':2,'total_tokens':12,'input_tokens':0,'output_tokens':0,'input_tokens_details':null} | 10 -1 -1 -1 -1 | 2 -1 -1",
                "{'input_tokens':0,'output_tokens':0,'prompt_tokens':10,'completion_tokens':2} | 10 -1 -1 -1 -1 | 2 -1 -1",
                "{'prompt_tokens':10,'prompt_cache_hit_tokens':4,'prompt_tokens_details':{'cached_tokens':0}} | 6 4 -1 -1 -1 | -1 -1 -1",
                "{'prompt_tokens':10,'input_tokens':10,'cache_read_input_tokens':4} | 6 4 -1 -1 -1 | -1 -1 -1",
                "{'input_tokens':10,'prompt_tokens':10,'cache_read_input_tokens':4} | 6 4 -1 -1 -1 | -1 -1 -1",
                "{'prompt_tokens':14,'input_tokens':10,'cache_read_input_tokens':4} | 10 4 -1 -1 -1 | -1 -1 -1",
                "{'cache_read_input_tokens':4} | -1 4 -1 -1 -1 | -1 -1 -1",
                "{'input_tokens':1,'cache_creation_input_tokens':9,'cache_creation':{'ephemeral_5m_input_tokens':3,'ephemeral_1h_input_tokens':6}} | 1 -1 3 6 -1 | -1 -1 -1",
                "{'input_tokens':1,'cache_creation':{'ephemeral_5m_input_tokens':3,'ephemeral_1h_input_tokens':6}} | 1 -1 3 6 -1 | -1 -1 -1",
                "{'input_tokens':1,'cache_creation_input_tokens':9,'cache_creation':{'ephemeral_1h_input_tokens':6}} | 1 -1 3 6 -1 | -1 -1 -1",
                "{'input_tokens':1,'cache_creation_input_tokens':9,'cache_creation':null} | 1 -1 9 -1 -1 | -1 -1 -1",
                "{'prompt_tokens':10,'prompt_tokens_details':{'audio_tokens':7}} | 10 -1 -1 -1 7 | -1 -1 -1",
                "{'type':'tokens','input_tokens':14,'input_token_details':{'text_tokens':2,'audio_tokens':12},'output_tokens':6} | 14 -1 -1 -1 12 | 6 -1 -1",
                "{'output_tokens':9,'output_token_details':{'text_tokens':6,'audio_tokens':3}} | -1 -1 -1 -1 -1 | 9 -1 3",
                "{'prompt_tokens':10,'prompt_tokens_details':{'audio_tokens':7,'cached_tokens':4}} | 6 4 -1 -1 6 | -1 -1 -1",
                "{'completion_tokens':9,'completion_tokens_details':{'reasoning_tokens':4,'audio_tokens':3}} | -1 -1 -1 -1 -1 | 9 4 3",
                "{'output_tokens':9,'output_tokens_details':{'thinking_tokens':4}} | -1 -1 -1 -1 -1 | 9 4 -1",
                "{'prompt_tokens':32,'completion_tokens':9,'total_tokens':135,'completion_tokens_details':{'reasoning_tokens':94}} | 32 -1 -1 -1 -1 | 103 94 -1",
                "{'prompt_tokens':32,'completion_tokens':9,'total_tokens':41,'completion_tokens_details':{'reasoning_tokens':4}} | 32 -1 -1 -1 -1 | 9 4 -1",
                "{'completion_tokens':9,'completion_tokens_details':{'reasoning_tokens':94}} | -1 -1 -1 -1 -1 | 9 9 -1",
                "{'input_tokens':1,'cache_creation':{'input_tokens':8,'ephemeral_5m_input_tokens':1000000001}} | 1 -1 -1 -1 -1 | -1 -1 -1",
            })
    void classesDoNotOverlapWhateverTheProvidersWayOfCounting(String usage, String input, String output) {
        byte[] bytes = ("{\"usage\":" + usage.replace('\'', '"') + "}").getBytes(UTF_8);
        for (int announced : List.of(-1, bytes.length)) {
            UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, false, announced);

            feed(tap, bytes, 0, bytes.length);

            Usage.Input in = tap.usage().input();
            Usage.Output out = tap.usage().output();
            assertThat(List.of(in.uncached(), in.cached(), in.written(), in.written1h(), in.audio()))
                    .isEqualTo(figures(input));
            assertThat(List.of(out.tokens(), out.reasoning(), out.audio())).isEqualTo(figures(output));
        }
    }

    /** An operation, an answer or the events of one, and what it tells beside tokens at their usual price. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/chat/completions | {'usage':{'prompt_tokens':1},'service_tier':'default'} | ``",
                "/v1/chat/completions | {'usage':{'prompt_tokens':1},'service_tier':'priority'} | SERVICE_TIER priority 1",
                "/v1/chat/completions | {'usage':{'prompt_tokens':1},'service_tier':null} | ``",
                "/v1/chat/completions | {'usage':{'prompt_tokens':1},'service_tier':'on_demand','speed':'fast'} | ``",
                "/v1/chat/completions | {'choices':[{'service_tier':'priority'}],'usage':{'prompt_tokens':1}} | ``",
                "/v1/responses | {'error':null,'service_tier':'priority','tools':[],'usage':{'input_tokens':1}} | SERVICE_TIER priority 1",
                "/v1/responses | {'error':null,'service_tier':'default','usage':{'input_tokens':1,'output_tokens':2}} | ``",
                "/v1/messages | {'usage':{'input_tokens':1,'service_tier':'standard','speed':'standard','server_tool_use':null}} | ``",
                "/v1/messages | {'usage':{'input_tokens':1,'service_tier':'priority'}} | SERVICE_TIER priority 1",
                "/v1/messages | {'usage':{'input_tokens':1,'inference_geo':'global'}} | ``",
                "/v1/messages | {'usage':{'input_tokens':1,'inference_geo':'us','service_tier':'standard'}} | INFERENCE_GEO us 1",
                "/v1/messages | {'usage':{'input_tokens':1,'speed':'fast','service_tier':'standard'}} | SPEED fast 1",
                "/v1/messages | {'usage':{'input_tokens':1,'server_tool_use':{'web_search_requests':0,'web_fetch_requests':3}}} | ``",
                "/v1/messages | {'usage':{'input_tokens':1,'server_tool_use':{'web_search_requests':2,'web_fetch_requests':0}}} | SERVER_TOOL web_search_requests 2",
                "/v1/chat/completions | {'choices':[],'service_tier':'flex'}; {'usage':{'prompt_tokens':1},'service_tier':'default'} | ``",
                "/v1/chat/completions | {'choices':[]}; {'choices':[],'usage':{'prompt_tokens':1},'service_tier':'flex'} | SERVICE_TIER flex 1",
                "/v1/responses | {'type':'response.completed','response':{'service_tier':'flex','usage':{'input_tokens':1}}} ;| SERVICE_TIER flex 1",
                "/v1/messages | {'type':'message_start','message':{'usage':{'input_tokens':1,'service_tier':'priority'}}}; {'type':'message_delta','usage':{'output_tokens':2}} | SERVICE_TIER priority 1",
                "/v1/messages | {'type':'message_start','message':{'usage':{'input_tokens':1}}}; {'type':'message_delta','usage':{'output_tokens':2,'server_tool_use':{'web_search_requests':1}}} | SERVER_TOOL web_search_requests 1",
                "/v1/messages | {'type':'message_start','message':{'usage':{'input_tokens':1,'service_tier':'flex'}}}; {'type':'message_delta','usage':{'output_tokens':2,'service_tier':'priority','speed':'fast'}} | SERVICE_TIER priority 1, SPEED fast 1",
                "/v1/messages | {'type':'message_start','message':{'usage':{'input_tokens':1,'server_tool_use':{'web_search_requests':1}}}}; {'type':'message_delta','usage':{'output_tokens':2,'server_tool_use':{'web_search_requests':4}}} | SERVER_TOOL web_search_requests 4",
                "/v1/messages | {'usage':{'input_tokens':1,'server_tool_use':{'a':1,'b':2,'c':3,'d':4,'e':5,'f':6,'g':7,'h':8}}} | SERVER_TOOL a 1, SERVER_TOOL b 2, SERVER_TOOL c 3, SERVER_TOOL d 4, SERVER_TOOL e 5, SERVER_TOOL f 6, SERVER_TOOL g 7, SERVER_TOOL h 8",
                "/v1/chat/completions | {'usage':{'prompt_tokens':1,'service_tier':'flex'},'service_tier':'priority'} | SERVICE_TIER flex 1",
            })
    void tellsWhatIsChargedForBesideTokensAtTheirUsualPrice(String path, String answer, String extras) {
        Operation operation = StandardOperations.ALL.at(path).operations().get(0);
        boolean events = answer.contains(";");
        StringBuilder text = new StringBuilder();
        for (String each : answer.replace('\'', '"').split(";")) {
            text.append(events ? "data: " + each.trim() + "\n\n" : each);
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        for (Accounting accounting : List.of(Accounting.OFF, Accounting.within(0))) {
            for (int piece = 1; piece <= bytes.length; piece++) {
                UsageTap tap = UsageTap.of(operation, events, accounting.on() ? bytes.length : -1, accounting);
                for (int at = 0; at < bytes.length; at += piece) {
                    feed(tap, bytes, at, Math.min(bytes.length, at + piece));
                }

                assertThat(tap.usage().extras())
                        .as("pieces of %d", piece)
                        .containsExactlyInAnyOrderElementsOf(extras(extras));
                tap.release();
            }
        }
    }

    private static List<Extra> extras(String text) {
        return Stream.of(text.split(", "))
                .filter(each -> !each.isEmpty())
                .map(each -> each.split(" "))
                .map(each -> new Extra(Kind.valueOf(each[0]), NameHash.of(each[1]), Long.parseLong(each[2])))
                .toList();
    }

    /** Tools beyond those that are told apart have no name, and so no price. */
    @Test
    void usesOfMoreToolsThanAnybodyHasCountAsOnesWithoutAName() {
        StringBuilder tools = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            tools.append(i == 0 ? "" : ",")
                    .append("\"tool_")
                    .append(i)
                    .append("\":")
                    .append(i + 1);
        }
        byte[] bytes = ("{\"usage\":{\"input_tokens\":1,\"server_tool_use\":{" + tools + "}}}").getBytes(UTF_8);
        UsageTap tap = UsageTap.of(StandardOperations.MESSAGES, false, -1, Accounting.OFF);

        feed(tap, bytes, 0, bytes.length);

        assertThat(tap.usage().extras()).hasSize(9).contains(new Extra(Kind.SERVER_TOOL, Dialect.NOTHING, 20));
        tap.release();
    }

    /** Its output has to be counted, so its text must be there. */
    @Test
    void aWholeDocumentThatTellsOnlyItsInputIsKept() {
        Accounting accounting = Accounting.within(0);
        byte[] bytes =
                "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}],\"usage\":{\"prompt_tokens\":3}}".getBytes(UTF_8);
        UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, false, bytes.length, accounting);

        feed(tap, bytes, 0, bytes.length);

        assertThat(tap.usage()).isEqualTo(Usage.of(3, -1));
        assertThat(tap.seen().length()).isEqualTo(bytes.length);
    }

    private static List<Long> figures(String line) {
        return Stream.of(line.split(" ")).map(Long::valueOf).toList();
    }

    /** The usage of one event after another, and what counts in the end, in the order of the table above. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // As documented: the start has the input, deltas a running output.
                "{'input_tokens':25,'cache_read_input_tokens':0,'output_tokens':1} {'output_tokens':7} {'output_tokens':15} | 25 0 -1 -1 -1 | 15 -1 -1",
                // The whole prompt first, split up only at the end: neither the sum nor the largest of each is right.
                "{'input_tokens':1000,'output_tokens':1} {'input_tokens':60,'cache_read_input_tokens':900,'cache_creation_input_tokens':40,'output_tokens':9} | 60 900 40 -1 -1 | 9 -1 -1",
                "{'input_tokens':1000,'cache_read_input_tokens':0,'cache_creation_input_tokens':0} {'input_tokens':60,'cache_read_input_tokens':940} | 60 940 0 -1 -1 | -1 -1 -1",
                // The split first, then the whole prompt or nothing.
                "{'input_tokens':60,'cache_read_input_tokens':940,'output_tokens':1} {'input_tokens':1000,'output_tokens':9} | 60 940 -1 -1 -1 | 9 -1 -1",
                "{'input_tokens':60,'cache_read_input_tokens':940,'output_tokens':1} {'input_tokens':0,'cache_read_input_tokens':0,'output_tokens':0} | 60 940 -1 -1 -1 | 1 -1 -1",
                // Zeros first, everything at the end.
                "{'input_tokens':0,'output_tokens':0} {'input_tokens':11.0,'output_tokens':1.5e1} | 11 -1 -1 -1 -1 | 15 -1 -1",
                // How long it is kept belongs to what was written.
                "{'input_tokens':1,'cache_creation_input_tokens':6,'cache_creation':{'ephemeral_1h_input_tokens':6}} {'input_tokens':1,'cache_creation_input_tokens':8} | 1 -1 8 -1 -1 | -1 -1 -1",
                "{'input_tokens':1,'cache_creation_input_tokens':6,'cache_creation':{'ephemeral_1h_input_tokens':6}} {'output_tokens':8} | 1 -1 0 6 -1 | 8 -1 -1",
                // Whether the input told includes the cache is for the event to say that counts.
                "{'prompt_tokens':10,'completion_tokens':1} {'prompt_tokens':10,'prompt_tokens_details':{'cached_tokens':4},'completion_tokens':2} | 6 4 -1 -1 -1 | 2 -1 -1",
                "{'prompt_tokens':10,'prompt_tokens_details':{'cached_tokens':4},'completion_tokens':5} {'prompt_tokens':10,'completion_tokens':2} | 6 4 -1 -1 -1 | 5 -1 -1",
                // Faults report nothing.
                "{'input_tokens':25,'output_tokens':3} {'input_tokens':2000000000,'output_tokens':1000000001} | 25 -1 -1 -1 -1 | 3 -1 -1",
            })
    void eventsAreMergedByWhatTheySay(String events, String input, String output) {
        StringBuilder stream = new StringBuilder();
        for (String usage : events.split(" ")) {
            stream.append("data: {\"usage\":").append(usage.replace('\'', '"')).append("}\n\n");
        }
        byte[] bytes = stream.toString().getBytes(UTF_8);
        UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, true, -1);

        feed(tap, bytes, 0, bytes.length);

        Usage.Input in = tap.usage().input();
        Usage.Output out = tap.usage().output();
        assertThat(List.of(in.uncached(), in.cached(), in.written(), in.written1h(), in.audio()))
                .isEqualTo(figures(input));
        assertThat(List.of(out.tokens(), out.reasoning(), out.audio())).isEqualTo(figures(output));
    }

    /** One of unknown length: of a known length, two of them are no sound document. */
    @Test
    void aSecondDocumentIsNotRead() {
        Answer answer = document(
                "",
                StandardOperations.MESSAGES,
                "{\"usage\":{\"input_tokens\":1}}{\"usage\":{\"input_tokens\":2}}",
                Usage.of(1, -1));
        byte[] bytes = answer.bytes.getBytes(UTF_8);
        UsageTap tap = UsageTap.of(StandardOperations.MESSAGES, false, -1);

        feed(tap, bytes, 0, bytes.length);

        assertThat(tap.usage()).isEqualTo(answer.usage);
        assertFound(answer, bytes, 1);
    }

    @Test
    void aDocumentHasNoEventBoundaries() {
        UsageTap tap = UsageTap.of(StandardOperations.MESSAGES, false, -1);
        assertThat(tap.atEventBoundary()).isTrue();

        feed(tap, "{}\n\n".getBytes(UTF_8), 0, 4);

        assertThat(tap.atEventBoundary()).isFalse();
    }

    @Test
    void anEventOfMegabytesIsReadThrough() {
        String event = "data: {\"type\":\"response.completed\",\"response\":{\"output\":[\""
                + "\\\"usage\\\":{".repeat(400_000) + "\"],\"image\":\"" + "QUJD".repeat(300_000) + "\",\"usage\":"
                + RESPONSE_USAGE + "}}\n\n";
        byte[] bytes = event.getBytes(UTF_8);

        for (int pieces : List.of(bytes.length, 4096, 8191)) {
            assertFound(new Answer("", StandardOperations.RESPONSES, true, "", RESPONSE, true), bytes, pieces);
        }
    }

    @Test
    void readsHeapBuffersAndDirectOnesAndLeavesThemAlone() {
        byte[] bytes = ("xx{\"pad\":\"" + "p".repeat(20_000) + "\",\"usage\":" + CHAT_USAGE + "}yy").getBytes(UTF_8);
        ByteBuf heap = Unpooled.wrappedBuffer(bytes).skipBytes(1).slice();
        ByteBuf direct = Unpooled.directBuffer().writeBytes(bytes).skipBytes(1);
        try {
            for (ByteBuf buf : List.of(heap, direct)) {
                UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, false, -1);
                int before = buf.readerIndex();

                tap.payload(buf, before + 1, buf.readableBytes() - 3);

                assertThat(tap.usage()).isEqualTo(CHAT);
                assertThat(buf.readerIndex()).isEqualTo(before);
                assertThat(buf.refCnt()).isEqualTo(1);
            }
        } finally {
            direct.release();
        }
    }

    private static void feed(UsageTap tap, byte[] bytes, int from, int end) {
        tap.payload(Unpooled.wrappedBuffer(bytes), from, end - from);
    }
}
