package io.costoptimal.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.account.ExtraUsage.Fate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Which events of a stream tell nothing but usage, wherever the stream is cut. */
class ExtraUsageTest {

    private static final String USAGE = "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"x\":{\"y\":[1,{}]}}";

    /** What is left of {@code stream} when it comes in pieces of at most {@code step} bytes. */
    private static String without(String stream, int step) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        ExtraUsage events = new ExtraUsage();
        StringBuilder passed = new StringBuilder();
        StringBuilder open = new StringBuilder();
        for (int from = 0; from < bytes.length; from += step) {
            int end = Math.min(bytes.length, from + step);
            for (int i = from; i < end; ) {
                int next = events.read(bytes, i, end);
                assertThat(next).isBetween(i + 1, end);
                open.append(new String(bytes, i, next - i, StandardCharsets.ISO_8859_1));
                if (events.fate() != Fate.OPEN) {
                    passed.append(events.fate() == Fate.PASSES ? open : "");
                    open.setLength(0);
                }
                i = next;
            }
        }
        if (!events.extraSoFar()) {
            passed.append(open);
        }
        return new String(passed.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void leaves(String stream, String expected) {
        for (int step = 1; step <= stream.getBytes(StandardCharsets.UTF_8).length; step++) {
            assertThat(without(stream, step))
                    .as("in pieces of " + step + ": " + stream)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[]," + USAGE + "}",
                "{" + USAGE + ",\"choices\":[]}",
                " { \"id\" : \"x\" , \"choices\" : [ ] , \"usage\" : { } } ",
                "{\"id\":\"a\\\"b\\\\\",\"object\":\"chat.completion.chunk\",\"choices\":[]," + USAGE + ",\"x\":null}",
                "{\"x\":{\"choices\":[1],\"usage\":null},\"choices\":[]," + USAGE + "}",
                "{\"choices\":[],\"choices\":[]," + USAGE + "}",
                "{\"choices\":[]," + USAGE + ",\"id\":\"é\"}"
            })
    void leavesOutTheEventThatTellsNothingButUsage(String data) {
        leaves("data: {\"a\":1}\n\ndata:" + data + "\n\ndata: [DONE]\n\n", "data: {\"a\":1}\n\ndata: [DONE]\n\n");
        leaves("data: " + data + "\r\n\r\ndata: [DONE]\r\n\r\n", "data: [DONE]\r\n\r\n");
        leaves("data: " + data + "\r\rdata: [DONE]\r\r", "data: [DONE]\r\r");
        leaves("id: 1\nevent: x\ndata: " + data + "\nretry: 5\n\n: c\n\n", ": c\n\n");
        leaves(": c\ndata: " + data + "\n\n\n", ": c\n\n");
        leaves("data: " + data + "\n", "");
        leaves("data: " + data, "");
    }

    @Test
    void readsAnEventOfSeveralLinesOfData() {
        leaves("data: {\"choices\":[],\ndata: " + USAGE + "}\n\nx\n\n", "x\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]," + USAGE + "}",
                "{" + USAGE + ",\"choices\":[{\"index\":0,\"delta\":{}}]}",
                "{\"choices\":[],\"usage\":null}",
                "{\"choices\":[],\"usage\":5}",
                "{\"choices\":[],\"usage\":\"{}\"}",
                "{\"choices\":[],\"prompt_filter_results\":[{\"usage\":{}}]}",
                "{\"choices\":null," + USAGE + "}",
                "{\"choices\":{}," + USAGE + "}",
                "{\"choices\":[]," + USAGE + ",\"choices\":[{}]}",
                "{\"choices\":[]," + USAGE + ",\"usage\":null}",
                "{" + USAGE + "}",
                "{\"x\":{\"choices\":[]," + USAGE + "}}",
                "{\"x\":\"\\\"choices\\\":[],\\\"usage\\\":{}\"}",
                "{\"choicesx\":[]," + USAGE + "}",
                "{\"choice\":[],\"usag\":{}}",
                "[{\"choices\":[]," + USAGE + "}]",
                "{\"choices\":[]," + USAGE,
                "{\"choices\":[]," + USAGE + "}}",
                "{\"choices\":[]," + USAGE + "} {}",
                "\"choices\":[]," + USAGE,
                "[DONE]",
                ""
            })
    void passesEveryOtherEvent(String data) {
        String stream = "data: " + data + "\n\ndata: {\"choices\":[],\"usage\":{}}\n\ndata: [DONE]\n\n";

        leaves(stream, "data: " + data + "\n\ndata: [DONE]\n\n");
    }

    @Test
    void passesWhatIsNoDataAndAMarkBeforeAll() {
        leaves("\uFEFFdata: {\"choices\":[],\"usage\":{}}\n\n", "\uFEFFdata: {\"choices\":[],\"usage\":{}}\n\n");
        leaves("dat: {\"choices\":[],\"usage\":{}}\n\n", "dat: {\"choices\":[],\"usage\":{}}\n\n");
        leaves(":data: {\"choices\":[],\"usage\":{}}\n\n", ":data: {\"choices\":[],\"usage\":{}}\n\n");
        leaves("{\"choices\":[],\"usage\":{}}", "{\"choices\":[],\"usage\":{}}");
    }

    @Test
    void passesAnEventThatIsLongerThanOneOfUsageCanBe() {
        String stream = "data: {\"x\":\"" + "y".repeat(9000) + "\",\"choices\":[]," + USAGE + "}\n\n";

        for (int step : new int[] {1, 7, 1000, 9000, 20_000}) {
            assertThat(without(stream, step)).isEqualTo(stream);
        }
    }

    @Test
    void saysSoonThatAnEventPasses() {
        byte[] begun = "data: {\"id\":\"x\",\"choices\":[{".getBytes(StandardCharsets.UTF_8);
        ExtraUsage events = new ExtraUsage();

        assertThat(events.read(begun, 0, begun.length - 1)).isEqualTo(begun.length - 1);
        assertThat(events.fate()).isEqualTo(Fate.OPEN);
        assertThat(events.read(begun, begun.length - 1, begun.length)).isEqualTo(begun.length);
        assertThat(events.fate()).isEqualTo(Fate.PASSES);
    }

    /** The same as a whole parser finds, in made-up streams at random cuts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAParserOnMadeUpStreams(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int extras = 0;
        for (int i = 0; i < 4000; i++) {
            String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
            StringBuilder stream = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            for (int events = random.nextInt(5); events >= 0; events--) {
                String data = object(random, 0);
                String event = (random.nextInt(5) == 0 ? ": c" + end : "")
                        + (random.nextInt(5) == 0 ? "id: 1" + end : "") + "data: " + data + end + end;
                stream.append(event);
                if (isExtra(data)) {
                    extras++;
                    expected.append(event.startsWith(":") ? ": c" + end : "");
                } else {
                    expected.append(event);
                }
            }
            int step = 1 + random.nextInt(stream.length());
            assertThat(without(stream.toString(), step))
                    .as("in pieces of " + step + ": " + stream)
                    .isEqualTo(expected.toString());
        }
        assertThat(extras).as("events that tell nothing but usage").isGreaterThan(300);
    }

    private static String object(SplittableRandom random, int depth) {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String name = List.of("id", "choices", "usage", "choices", "usage", "type", "error", "us\\\"age", "x")
                    .get(random.nextInt(9));
            members.add("\"" + name + "\":" + value(random, name, depth));
        }
        return "{" + String.join(",", members) + "}";
    }

    private static String value(SplittableRandom random, String name, int depth) {
        if (name.equals("choices") && random.nextInt(3) > 0) {
            return "[]";
        }
        if (name.equals("usage") && random.nextInt(3) > 0) {
            return "{\"prompt_tokens\":3}";
        }
        return switch (random.nextInt(depth > 2 ? 4 : 6)) {
            case 0 -> "null";
            case 1 -> "\"a\\\"]}{[é\"";
            case 2 -> "1.5";
            case 3 -> "[]";
            case 4 -> "[" + object(random, depth + 1) + "]";
            default -> object(random, depth + 1);
        };
    }

    private static boolean isExtra(String data) {
        boolean noChoice = false;
        boolean usage = false;
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), data)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("choices")) {
                    if (value != JsonToken.START_ARRAY || parser.nextToken() != JsonToken.END_ARRAY) {
                        return false;
                    }
                    noChoice = true;
                    continue;
                }
                if (name.equals("usage")) {
                    if (value != JsonToken.START_OBJECT) {
                        return false;
                    }
                    usage = true;
                }
                parser.skipChildren();
            }
            return noChoice && usage;
        } catch (JacksonException e) {
            throw new AssertionError(data, e);
        }
    }
}
