package io.costoptimal.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.api.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafeCutTest {

    /** One of each kind the patterns tell apart, and those they treat specially. */
    private static final List<String> KINDS = List.of(
            "a",
            "B",
            "s",
            "ll",
            "re",
            "'",
            "\u2019",
            "'s",
            "'LL",
            "\u017f",
            " ",
            "  ",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "\u00a0",
            "\u0085",
            "\u2028",
            "\u3000",
            "\u000b",
            "\u001c",
            "\u007f",
            "1",
            "23",
            "4567",
            "\u00bd",
            "\u0663",
            "\u2167",
            "\ud835\udfd9",
            ".",
            "/",
            "//",
            "!",
            "{",
            "\"",
            "=",
            "\u3002",
            "\uff0c",
            "\u20ac",
            "\u0301",
            "\u094d",
            "\u4e2d",
            "\u3042",
            "\u01c5",
            "\u02b0",
            "\ud83d\ude80",
            "\u200d",
            "\ud801\udc00",
            "\ud840\udc00",
            "\u24b6",
            "\u00aa");

    @ParameterizedTest
    @EnumSource
    void aSafeCutChangesNoCount(Encodings.Name name) {
        Encoding encoding = Encodings.get(name);
        Random random = new Random(20260);
        int cuts = 0;
        for (int i = 0; i < 12_000; i++) {
            String text = mixture(random, 2 + random.nextInt(14));
            char[] chars = text.toCharArray();
            int whole = encoding.countTokensOrdinary(text);
            for (int at = 1; at < chars.length; at++) {
                if (SafeCut.isSafe(chars, at, chars.length)) {
                    cuts++;
                    int parts = encoding.countTokensOrdinary(text.substring(0, at))
                            + encoding.countTokensOrdinary(text.substring(at));
                    assertThat(parts).as("cut %s at %s", escaped(text), at).isEqualTo(whole);
                }
            }
        }
        assertThat(cuts).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @EnumSource
    void longTextsCountAsTheyDoInOnePiece(Encodings.Name name) {
        Random random = new Random(4096);
        for (String text : List.of(
                repeated("She sells sea shells, doesn't she? ", 20_000),
                repeated("    if (a[i] != b) {\n        return x.y(\"z\"); // 1\n    }\n\n", 20_000),
                repeated("\u6211\u4eec\u4eca\u5929\u53bb\u516c\u56ed\uff0c", 20_000),
                repeated("\ud83d\ude80\ud83d\udc4d\ud83c\udffd", 20_000),
                repeated("a", 20_000),
                repeated(" ", 20_000),
                repeated("\n", 20_000),
                repeated("\n  ", 20_000),
                repeated("1", 20_000),
                repeated("ab1", 20_000),
                random(random, "0123456789abcdef", 20_000),
                random(random, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", 20_000),
                random(random, "abcdefghijklmnopqrstuvwxyz", 20_000),
                mixture(random, 20_000))) {
            ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
            Tally tally = new Tally(Encodings.get(name), Long.MAX_VALUE, () -> false);
            TextWindow window = new TextWindow(body, false);
            window.openRaw(0, body.readableBytes());
            tally.text(window);

            assertThat(tally.count())
                    .as(escaped(text.substring(0, 40)))
                    .isEqualTo(Encodings.get(name).countTokensOrdinary(text));
        }
    }

    @Test
    void ordinaryTextIsCutInEveryWindow() {
        for (String text : List.of("word and ", "\u6211\u4eec\uff0c", "{\n}\n", "9f3ab", "QUJD+1")) {
            char[] chars = repeated(text, 3 * SafeCut.WINDOW).toCharArray();

            assertThat(SafeCut.next(chars, 0, chars.length))
                    .as(escaped(text))
                    .isBetween(SafeCut.WINDOW / 2, SafeCut.WINDOW);
        }
    }

    @Test
    void aLineOfMoreBlanksThanAreLookedAtIsNoSafeCut() {
        char[] chars = ("a\n" + " ".repeat(300) + "\nb").toCharArray();

        assertThat(SafeCut.isSafe(chars, 2, chars.length)).isFalse();
        assertThat(SafeCut.isSafe(chars, 2, 300)).isFalse();
        assertThat(SafeCut.isSafe(chars, 2, 200)).isTrue();
    }

    @Test
    void aRunWithoutAnySafeCutIsCutAtTheLongest() {
        char[] chars = repeated("\ud83d\ude80", SafeCut.LONGEST + 10).toCharArray();
        chars[0] = '{';

        int cut = SafeCut.next(chars, 0, chars.length);

        assertThat(cut).isBetween(SafeCut.LONGEST - 1, SafeCut.LONGEST);
        assertThat(Character.isHighSurrogate(chars[cut - 1])).isFalse();
    }

    private static String mixture(Random random, int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            text.append(KINDS.get(random.nextInt(KINDS.size())));
        }
        return text.toString();
    }

    private static String random(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String repeated(String text, int length) {
        return text.repeat(length / text.length() + 1);
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(c > ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return out.toString();
    }
}
