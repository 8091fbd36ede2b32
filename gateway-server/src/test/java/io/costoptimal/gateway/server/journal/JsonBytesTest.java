package io.costoptimal.gateway.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as bytes. */
class JsonBytesTest {

    private final JsonBytes out = new JsonBytes(0);

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 9, 10, 99, 100, 101, 12_345, 999_999_999_999L, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void writesNumbersAsTheyAre(long number) {
        out.number(number);

        assertThat(text()).isEqualTo(Long.toString(number));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.000", "999, 0.000", "1000, 0.001", "1234567, 1.234", "60000000000, 60000.000"})
    void writesMillisecondsWithThreeDecimals(long nanos, String millis) {
        out.millis(nanos);

        assertThat(text()).isEqualTo(millis);
    }

    @Test
    void escapesWhatIsNoPlainAscii() {
        out.string("a\"b\\c\n\u00e9\u6a21\ud83d\ude00\u007f");

        assertThat(text()).isEqualTo("\"a\\\"b\\\\c\\u000a\\u00e9\\u6a21\\ud83d\\ude00\\u007f\"");
    }

    @Test
    void cutsALongStringAndSaysSo() {
        out.string("\u6a21".repeat(1_000));

        assertThat(text()).isEqualTo('"' + "\\u6a21".repeat(Text.MAX_CHARS) + "...\"");
    }

    @Test
    void growsAndIsUsedAgain() {
        for (int i = 0; i < 1_000; i++) {
            out.raw('x');
            out.number(1);
        }
        assertThat(text()).isEqualTo("x1".repeat(1_000));

        out.clear();
        out.raw('y');
        assertThat(text()).isEqualTo("y");
    }

    private String text() {
        return StandardCharsets.US_ASCII.decode(out.view()).toString();
    }
}
