package io.costoptimal.gateway.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.TokenSource;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTokensTest {

    private static final String MODEL = "gpt-4o";

    @Test
    void knowsOnlyTheLengthBeforeItIsAsked() {
        TokenSource tokens = chat("hello world");

        assertThat(tokens.counted()).isFalse();
        assertThat(tokens.low()).isZero();
        assertThat(tokens.high()).isEqualTo(body("hello world").length);
    }

    @Test
    void isExactWhenTheLimitIsNotReached() {
        TokenSource tokens = chat("hello world");

        assertThat(tokens.countPast(1000)).isTrue();

        assertThat(tokens.low()).isEqualTo(3 + 3 + 1 + 2);
        assertThat(tokens.high()).isEqualTo(tokens.low());
        assertThat(tokens.counted()).isTrue();
    }

    @Test
    void stopsSoonAfterTheLimit() {
        TokenSource tokens = chat("one two ".repeat(50_000));

        tokens.countPast(12_000);

        assertThat(tokens.low()).isBetween(12_001L, 12_000L + SafeCut.WINDOW);
        assertThat(tokens.high()).isGreaterThan(100_000);
    }

    @Test
    void risingLimitsGiveTheAnswersOfAFullCount() {
        byte[] body = mixedBody(new Random(7), StandardOperations.CHAT_COMPLETIONS, 400);
        long full = TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, MODEL, body);
        TokenSource tokens = tokens(StandardOperations.CHAT_COMPLETIONS, MODEL, body);

        for (long limit = 0; limit <= full + 1; limit += 1 + limit / 9) {
            tokens.countPast(limit);
            assertThat(tokens.low() > limit)
                    .as("more than %s of %s", limit, full)
                    .isEqualTo(full > limit);
            assertThat(tokens.low()).isLessThanOrEqualTo(full);
            assertThat(tokens.high()).isGreaterThanOrEqualTo(full);
        }
        tokens.countPast(full - 1);
        tokens.countPast(full);
        assertThat(tokens.low()).isEqualTo(full).isEqualTo(tokens.high());
    }

    static Stream<Operation> proxied() {
        return StandardOperations.ALL.byModel().stream();
    }

    /** The same in every run, whatever operations other tests have made before. */
    private static int seed(Operation operation) {
        return StandardOperations.ALL.rows().indexOf(operation);
    }

    @ParameterizedTest
    @MethodSource("proxied")
    void everyLimitIsDecidedAsAFullCountDecidesIt(Operation operation) {
        Random random = new Random(seed(operation));
        for (int i = 0; i < 60; i++) {
            byte[] body = mixedBody(random, operation, 30);
            long full = TokenCounter.count(operation, MODEL, body);
            long limit = full == 0 ? 0 : Math.max(0, full - 3 + random.nextInt(6));
            TokenSource tokens = tokens(operation, MODEL, body);
            tokens.countPast(random.nextInt((int) full + 1));
            tokens.countPast(limit);

            assertThat(tokens.low() > limit).isEqualTo(full > limit);
        }
    }

    @ParameterizedTest
    @MethodSource("proxied")
    void boundsHoldForEveryBody(Operation operation) {
        Random random = new Random(seed(operation) + 100);
        for (int i = 0; i < 400; i++) {
            assertBounds(operation, mixedBody(random, operation, 1 + random.nextInt(12)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":[]}",
                "{\"messages\":[{},{},{},{},{},{},{},{},{},{}]}",
                "{\"messages\":[[],1,null,\"\",[{}],{}]}",
                "{\"messages\":[{\"name\":\"\",\"name\":\"\",\"role\":\"\"}]}",
                "{\"messages\":[],\"messages\":[]}",
                "{\"messages\":{}}",
                "{\"input\":\"\"}",
                "{\"input\":[{},{},{},{}]}",
                "{\"input\":\"\",\"instructions\":\"\",\"input\":\"\"}",
                "{\"input\":[1,2,3,[4,5],[]]}",
                "{\"prompt\":[0,0,0]}",
                "{\"prompt\":\"\\ud800\\udfff\\udfff\\ud800\\u0000\"}",
                "{\"tools\":[{\"parameters\":{},\"input_schema\":[]}]}",
                "{\"system\":[{\"source\":{\"type\":\"text\",\"data\":\"\\ud800\"}}]}"
            })
    void boundsHoldForHostileBodies(String body) {
        for (Operation operation : StandardOperations.ALL.rows()) {
            assertBounds(operation, body.getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hello",
                "{\"messages\":[{\"role\" 1}]}"
            })
    void whatIsNoJsonIsCountedUpToItsFault(String body) {
        TokenSource tokens = tokens(StandardOperations.CHAT_COMPLETIONS, MODEL, body.getBytes(UTF_8));

        assertThat(tokens.countPast(1000)).isTrue();

        assertThat(tokens.low()).isEqualTo(tokens.high()).isLessThanOrEqualTo(body.length());
    }

    @Test
    void depthBeyondAnythingAllowedEndsTheCountQuietly() {
        byte[] body = ("{\"input\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}").getBytes(UTF_8);
        for (Operation operation : List.of(StandardOperations.EMBEDDINGS, StandardOperations.RESPONSES)) {
            TokenSource tokens = tokens(operation, MODEL, body);

            tokens.countPast(10);

            assertThat(tokens.high()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void specialTokensAreText() {
        TokenSource tokens = chat("a <|endoftext|> b");

        tokens.countPast(1000);

        assertThat(tokens.low()).isGreaterThan(3 + 3 + 1 + 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4", "gpt-4o"})
    void aLoneSurrogateCountsAsTheReplacementCharacter(String model) {
        byte[] lone = "{\"prompt\":\"x\\ud83d y\\ude80\"}".getBytes(UTF_8);
        byte[] replaced = "{\"prompt\":\"x\ufffd y\ufffd\"}".getBytes(UTF_8);

        assertThat(TokenCounter.count(StandardOperations.COMPLETIONS, model, lone))
                .isEqualTo(TokenCounter.count(StandardOperations.COMPLETIONS, model, replaced));
    }

    @Test
    void encodedImagesCostNothing() {
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
                + "QUJD".repeat(100_000) + "\"}}";
        byte[] body = ("{\"messages\":[{\"role\":\"user\",\"content\":[" + image + "]}]}").getBytes(UTF_8);

        assertThat(TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, MODEL, body))
                .isEqualTo(3 + 3 + 1);
    }

    @Test
    void takesNumbersAndNamesOfAnyLength() {
        byte[] body = ("{\"" + "n".repeat(200_000) + "\":" + "1".repeat(5_000) + ",\"prompt\":\"hello world\"}")
                .getBytes(UTF_8);

        assertThat(TokenCounter.count(StandardOperations.COMPLETIONS, MODEL, body))
                .isEqualTo(2);
    }

    private static void assertBounds(Operation operation, byte[] body) {
        for (String model : List.of("gpt-4", MODEL)) {
            Tally tally = TokenCounter.tally(model, Long.MAX_VALUE, () -> false);
            TokenCounter.walk(operation, Unpooled.wrappedBuffer(body), tally);
            assertThat(tally.count())
                    .as("%s %s", operation, new String(body, UTF_8))
                    .isLessThanOrEqualTo(body.length)
                    .isGreaterThanOrEqualTo((tally.textBytes() + 127) / 128);
        }
    }

    private static TokenSource tokens(Operation operation, String model, byte[] body) {
        return new BodyTokens(operation, model, Unpooled.wrappedBuffer(body), () -> false);
    }

    private static TokenSource chat(String content) {
        return tokens(StandardOperations.CHAT_COMPLETIONS, MODEL, body(content));
    }

    private static byte[] body(String content) {
        return ("{\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}").getBytes(UTF_8);
    }

    /** A body with the members that count somewhere, nested at random. */
    private static byte[] mixedBody(Random random, Operation operation, int values) {
        Set<Operation> messages = Set.of(
                StandardOperations.CHAT_COMPLETIONS,
                StandardOperations.MESSAGES,
                StandardOperations.MESSAGES_COUNT_TOKENS);
        String list = messages.contains(operation)
                ? "messages"
                : operation == StandardOperations.COMPLETIONS ? "prompt" : "input";
        StringBuilder out = new StringBuilder("{\"").append(list).append("\":[");
        for (int i = 0; i < values; i++) {
            out.append(i == 0 ? "" : ",");
            value(random, out, 4);
        }
        return out.append("]}").toString().getBytes(UTF_8);
    }

    private static void value(Random random, StringBuilder out, int depth) {
        switch (random.nextInt(depth > 0 ? 7 : 4)) {
            case 0 -> out.append(random.nextInt(200_000));
            case 1, 2 -> string(random, out);
            case 3 -> out.append("null");
            case 4 -> {
                out.append('[');
                value(random, out, depth - 1);
                out.append(']');
            }
            default -> {
                out.append('{');
                for (int i = random.nextInt(4); i >= 0; i--) {
                    out.append('"')
                            .append(NAMES.get(random.nextInt(NAMES.size())))
                            .append("\":");
                    value(random, out, depth - 1);
                    out.append(i == 0 ? "" : ",");
                }
                out.append('}');
            }
        }
    }

    private static void string(Random random, StringBuilder out) {
        out.append('"');
        for (int i = random.nextInt(12); i > 0; i--) {
            out.append(TEXTS.get(random.nextInt(TEXTS.size())));
        }
        out.append('"');
    }

    private static final List<String> NAMES = List.of(
            "role",
            "content",
            "name",
            "text",
            "refusal",
            "tool_calls",
            "function",
            "arguments",
            "custom",
            "input",
            "type",
            "source",
            "data",
            "thinking",
            "output",
            "summary",
            "title",
            "context",
            "image_url",
            "queries");

    private static final List<String> TEXTS = List.of(
            "the ",
            "text",
            " word",
            "1",
            "\\n",
            "\\u0000",
            "\\ud83d",
            "\\ude80",
            "\u00e9",
            "\u4e2d",
            "\ud83d\ude80",
            "\\\"",
            "{",
            "                                ",
            "\\t",
            "<|endoftext|>",
            "'s",
            "ab12");
}
