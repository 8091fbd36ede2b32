package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The provider's usage object as it was written, wherever the answer is cut. */
class RawUsageTest {

    private static String raw(Operation operation, boolean events, String answer, int piece, Accounting accounting) {
        UsageTap tap = UsageTap.of(operation, events, -1, accounting);
        byte[] bytes = answer.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += piece) {
            int n = Math.min(piece, bytes.length - at);
            tap.payload(Unpooled.wrappedBuffer(bytes, at, n), 0, n);
        }
        tap.release();
        return tap.raw() == null ? null : new String(tap.raw(), UTF_8);
    }

    private static void assertRaw(Operation operation, boolean events, String answer, String expected) {
        for (int piece = 1; piece <= answer.length(); piece++) {
            assertThat(raw(operation, events, answer, piece, Accounting.within(0)))
                    .as("pieces of %d", piece)
                    .isEqualTo(expected);
        }
    }

    @Test
    void isKeptWithItsSpacesAndWhatNobodyKnows() {
        String usage = "{ \"prompt_tokens\": 7, \"other\": [{\"usage\": {}}], \"completion_tokens\":2.0 }";

        assertRaw(
                StandardOperations.CHAT_COMPLETIONS,
                false,
                "{\"choices\":[{\"usage\":{\"prompt_tokens\":1}}],\"usage\":" + usage + ",\"x\":1}",
                usage);
    }

    @Test
    void isTheLastOneOfAStream() {
        String last = "{\"input_tokens\":null,\"output_tokens\":9}";

        assertRaw(
                StandardOperations.MESSAGES,
                true,
                "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
                        + "data: {\"type\":\"message_delta\",\"usage\":" + last + "}\n\n"
                        + "data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":12\n\n",
                last);
    }

    @Test
    void isNotKeptWhenItIsLongOrHasNoFigureOrNobodyWantsIt() {
        Operation chat = StandardOperations.CHAT_COMPLETIONS;
        String figures = "\"prompt_tokens\":7,\"completion_tokens\":2";
        String longest = "{\"x\":\"" + "x".repeat(RawUsage.LONGEST - figures.length() - 9) + "\"," + figures + "}";

        assertThat(longest).hasSize(RawUsage.LONGEST);
        assertThat(raw(chat, false, "{\"usage\":" + longest + "}", 100, Accounting.within(0)))
                .isEqualTo(longest);
        assertThat(raw(chat, false, "{\"usage\":{ " + longest.substring(1) + "}", 100, Accounting.within(0)))
                .isNull();
        assertThat(raw(chat, false, "{\"usage\":{\"x\":1}}", 100, Accounting.within(0)))
                .isNull();
        assertThat(raw(chat, false, "{\"usage\":{" + figures + "}}", 100, Accounting.OFF))
                .isNull();
    }
}
