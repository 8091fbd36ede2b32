package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tap against reading byte after byte, on answers that are nearly sound, cut anywhere. */
class UsageTapOracleTest {

    private static final int ANSWERS = 3_000;

    private static final Operation[] OPERATIONS = {
        StandardOperations.CHAT_COMPLETIONS, StandardOperations.RESPONSES, StandardOperations.MESSAGES
    };

    private static final String[] NAMES = {
        "usage",
        "usage",
        "usage",
        "usage",
        "response",
        "message",
        "type",
        "error",
        "id",
        "choices",
        "prompt_tokens",
        "input_tokens",
        "completion_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cached_tokens",
        "prompt_cache_hit_tokens",
        "total_tokens",
        "audio_tokens",
        "cache_write_tokens",
        "cache_creation",
        "ephemeral_5m_input_tokens",
        "ephemeral_1h_input_tokens",
        "reasoning_tokens",
        "service_tier",
        "speed",
        "inference_geo",
        "server_tool_use",
        "web_search_requests",
        "web_fetch_requests",
        "prompt_tokens_details",
        "output_tokens_details",
        "input_tokens_details",
        "",
        "usag",
        "usage_",
        "us\\u0061ge",
        "usage\\\"",
        "\\\\usage",
        "a name that is longer than a word or two",
        "eightby8",
        "seven77",
        "page",
        "color",
        "scope",
        "role",
        "e",
        "r"
    };

    private static final String[] TEXTS = {
        "priority",
        "standard",
        "message_start",
        "message_delta",
        "message_stop",
        "response.completed",
        "response.output_text.delta",
        "error",
        "",
        "x",
        "a few words",
        "\\n\\n",
        "\\\\",
        "\\\"",
        "{\\\"usage\\\":{\\\"input_tokens\\\":1}}",
        "é中😀",
        "[{]}",
        "[DONE]",
        "usage",
        "text that goes on for some time, and so for more than one block of it; ".repeat(2)
    };

    private static final String[] SCALARS = {
        "0",
        "7",
        "12345",
        "007",
        "1000000000",
        "1000000001",
        "11.0",
        "11.00e1",
        "1.25E+2",
        "170e-1",
        "17e-1",
        "0.0",
        "1.",
        "1e",
        "3e40",
        "99999999999999999999999",
        "-1",
        "1.5",
        "2e3",
        "null",
        "true",
        "1 2",
        " 3\t"
    };

    private static final String[] PADS = {"\\\\", "\\\"", "usage", "{", "}", "é", "ten bytes "};

    private static final String[] LINE_ENDS = {"\n", "\r\n", "\r"};

    private static final String[] FIELDS = {"data:", "data: ", "data:  ", "data: ", "event: x", ": ", "dat", "data x"};

    private SplittableRandom random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsWhatReadingEveryByteFinds(long seed) {
        random = new SplittableRandom(seed);
        int found = 0;
        int ended = 0;
        for (int i = 0; i < ANSWERS; i++) {
            boolean events = i % 3 > 0;
            Operation operation = one(OPERATIONS);
            byte[] answer = (events ? events() : document()).getBytes(UTF_8);
            UsageOracle oracle = UsageOracle.of(operation, events, answer);
            boolean[] boundaries = boundaries(operation, answer);
            found += oracle.usage() != null ? 1 : 0;
            ended += oracle.ended() ? 1 : 0;
            for (int most : new int[] {answer.length + 1, 1, 9, 70}) {
                String what = "seed " + seed + ", answer " + i + ", pieces of " + most + ", " + operation + ", events "
                        + events + ": " + new String(answer, UTF_8);
                UsageTap tap = UsageTap.of(operation, events, -1);
                for (int at = 0; at < answer.length; ) {
                    int n = Math.min(answer.length - at, most == 1 ? 1 : random.nextInt(most == 9 ? 10 : most) + 1);
                    n = most > answer.length ? answer.length : n;
                    tap.payload(Unpooled.wrappedBuffer(answer), at, n);
                    at += n;
                    if (events) {
                        assertThat(tap.atEventBoundary()).as(what).isEqualTo(boundaries[at]);
                    }
                }
                assertThat(tap.usage()).as(what).isEqualTo(oracle.usage());
                assertThat(tap.ended()).as(what).isEqualTo(oracle.ended());
            }
        }
        // Otherwise the answers would say little.
        assertThat(found).isBetween(ANSWERS / 12, ANSWERS * 9 / 10);
        assertThat(ended).isBetween(ANSWERS / 12, ANSWERS * 9 / 10);
    }

    /** Documents that come whole, and are too long to be read from their start. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readingFromTheEndFindsWhatReadingEveryByteFinds(long seed) {
        random = new SplittableRandom(seed);
        int found = 0;
        for (int i = 0; i < ANSWERS; i++) {
            // What a document says of its rate before its usage is out of reach.
            String sound = sound().replace("service_tier", "service");
            String pad = "\"pad\":\"" + one(TEXTS) + one(PADS).repeat(random.nextInt(70)) + "\"";
            // What is looked for lies anywhere within reach of the end, or beyond it.
            int behind = random.nextInt(2_500) / pad.length();
            byte[] answer = ("{" + (pad + ',').repeat(2_500 / pad.length()) + sound.substring(1, sound.length() - 1)
                            + (',' + pad).repeat(behind) + "}")
                    .getBytes(UTF_8);
            UsageOracle oracle = UsageOracle.of(StandardOperations.CHAT_COMPLETIONS, false, answer);
            UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, false, answer.length);

            tap.payload(Unpooled.wrappedBuffer(answer), 0, answer.length);

            String what = sound + " and " + behind + " times " + pad;
            assertThat(tap.usage()).as(what).isEqualTo(oracle.usage());
            assertThat(tap.ended()).as(what).isEqualTo(oracle.ended());
            found += oracle.usage() != null ? 1 : 0;
        }
        assertThat(found).isBetween(ANSWERS / 12, ANSWERS * 9 / 10);
    }

    /** A document without faults. */
    private String sound() {
        StringBuilder out = new StringBuilder();
        object(out, 0);
        return out.toString();
    }

    /** Whether an event may follow the first so many bytes; read one by one, nothing is passed by. */
    private static boolean[] boundaries(Operation operation, byte[] answer) {
        UsageTap tap = UsageTap.of(operation, true, -1);
        boolean[] boundaries = new boolean[answer.length + 1];
        for (int i = 0; i < answer.length; i++) {
            tap.payload(Unpooled.wrappedBuffer(answer), i, 1);
            boundaries[i + 1] = tap.atEventBoundary();
        }
        return boundaries;
    }

    private String events() {
        StringBuilder out = new StringBuilder(random.nextInt(20) == 0 ? "\ufeff" : "");
        String lineEnd = one(LINE_ENDS);
        for (int events = random.nextInt(5); events >= 0; events--) {
            int kind = random.nextInt(12);
            String data = kind == 0 ? "[DONE]" : kind == 1 ? one(TEXTS) : document();
            if (kind == 2) {
                // In two lines; the second may begin with blanks that do not count.
                int cut = random.nextInt(data.length() + 1);
                data = data.substring(0, cut) + one(LINE_ENDS) + one(FIELDS) + data.substring(cut);
            }
            out.append(random.nextInt(8) == 0 ? one(FIELDS) : "data: ").append(data);
            lineEnd = random.nextInt(9) == 0 ? one(LINE_ENDS) : lineEnd;
            out.append(random.nextInt(15) == 0 ? "" : lineEnd).append(random.nextInt(15) == 0 ? "" : lineEnd);
        }
        return out.toString();
    }

    private String document() {
        StringBuilder out = new StringBuilder();
        out.append(random.nextInt(30) == 0 ? " , " : "");
        object(out, 0);
        for (int faults = random.nextInt(12) - 9; faults > 0 && out.length() > 0; faults--) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(3)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, "\"\\{}[],:1 e\n".charAt(random.nextInt(12)));
                default -> out.setLength(at);
            }
        }
        return out.toString();
    }

    private void object(StringBuilder out, int depth) {
        out.append('{').append(space());
        for (int members = random.nextInt(6); members >= 0; members--) {
            String name = one(NAMES);
            out.append('"').append(name).append('"').append(space()).append(':').append(space());
            value(out, name, depth);
            out.append(space()).append(members > 0 ? "," : "").append(space());
        }
        out.append('}');
    }

    private void value(StringBuilder out, String name, int depth) {
        if (name.equals("usage") && random.nextBoolean()) {
            out.append("{\"prompt_tokens\":").append(one(SCALARS)).append('}');
            return;
        }
        boolean object = name.equals("usage")
                || name.endsWith("details")
                || name.equals("cache_creation")
                || name.startsWith("response");
        if (name.equals("usage") && random.nextInt(3) == 0) {
            out.append(random.nextInt(9) == 0 ? "nul" : "null");
            return;
        }
        int kind = object || name.startsWith("message") ? random.nextInt(6) : name.endsWith("tokens") ? 6 : 2;
        kind = kind == 2 ? 2 + random.nextInt(8) : kind;
        if (kind < 5 && depth < 4) {
            object(out, depth + 1);
        } else if (kind == 5 && depth < 4) {
            out.append('[');
            object(out, depth + 1);
            out.append(']');
        } else if (kind == 6) {
            out.append(one(SCALARS));
        } else {
            out.append('"').append(one(TEXTS)).append('"');
        }
    }

    private String space() {
        return random.nextInt(6) == 0 ? " " : "";
    }

    private <T> T one(T[] of) {
        return of[random.nextInt(of.length)];
    }
}
