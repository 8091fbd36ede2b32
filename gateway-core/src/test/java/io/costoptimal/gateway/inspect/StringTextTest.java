package io.costoptimal.gateway.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StringTextTest {

    private static final String[] PIECES = {
        "plain text",
        "a",
        "\u007f",
        "é",
        "中",
        "😀",
        "\\n",
        "\\\\",
        "\\\"",
        "\\u00fc",
        "\\u12",
        "\\x",
        "\"",
        "\n",
        "\u0000"
    };

    /** A single byte beyond ASCII is no character. */
    @Test
    void stopsAtEveryByteThatIsNoTextWhereverItStands() {
        for (int at = 0; at < 80; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] text = new byte[100];
                Arrays.fill(text, (byte) 'a');
                text[at] = (byte) value;
                boolean special = value < ' ' || value == '"' || value == '\\' || value >= 0x80;

                assertThat(StringText.skip(text, 0, 100))
                        .as("0x%x at %d", value, at)
                        .isEqualTo(special ? at : 100);
            }
        }
    }

    @Test
    void goesAsFarAsLookingAtEachByteWould() {
        Random random = new Random(20261122);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(40); pieces > 0; pieces--) {
                // The first few do not stop the way, so that it is long.
                text.append(PIECES[random.nextInt(random.nextInt(12) == 0 ? PIECES.length : 10)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);

            assertThat(StringText.skip(bytes, from, to))
                    .as("%s from %d to %d", text, from, to)
                    .isEqualTo(slowly(bytes, from, to));
        }
    }

    private static int slowly(byte[] a, int from, int to) {
        int at = from;
        while (at < to) {
            int n = a[at] == '\\'
                    ? escape(a, at, to)
                    : a[at] < 0 ? Utf8.whole(a, at, to) : a[at] >= ' ' && a[at] != '"' ? 1 : 0;
            if (n == 0) {
                return at;
            }
            at += n;
        }
        return at;
    }

    private static int escape(byte[] a, int at, int to) {
        String rest = new String(a, at, to - at, StandardCharsets.ISO_8859_1);
        if (rest.matches("(?s)\\\\u[0-9a-fA-F]{4}.*")) {
            return 6;
        }
        return rest.matches("(?s)\\\\[\"\\\\/bfnrt].*") ? 2 : 0;
    }
}
