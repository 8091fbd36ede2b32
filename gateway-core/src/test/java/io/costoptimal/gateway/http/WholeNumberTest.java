package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeNumberTest {

    @ParameterizedTest
    @CsvSource({
        "4000, .0, 4000",
        "4000, .000000000000000000000000000000000000, 4000",
        "4, e3, 4000",
        "4, E+3, 4000",
        "4000, e-3, 4",
        "4, e-1, -1",
        "0, .004e3, 4",
        "0, .0, 0",
        "0, e99999999999999999999, 0",
        "0, e-99999999999999999999, 0",
        "1, .5, -1",
        "1, .50e1, 15",
        "1, .25e1, -1",
        "1, e18, 1000000000000000000",
        "1, e19, 9223372036854775807",
        "1, e99999999999999999999, 9223372036854775807",
        "1, e-99999999999999999999, -1",
        "1, .00000000000000000000000000000001, -1",
        "1, ., -1",
        "1, e, -1",
        "1, e-, -1",
        "1, .0.0, -1",
        "1, .e3, -1",
        "1, e3.0, -1",
        "1, e3e3, -1",
        "1, e3-, -1",
    })
    void readsWholeNumbersHoweverTheyAreWritten(long integer, String rest, long value) {
        WholeNumber number = new WholeNumber();
        byte[] bytes = rest.getBytes(StandardCharsets.US_ASCII);
        // One object reads many numbers, and nothing of the last one stays.
        number.begin(7, (byte) '.');
        number.add((byte) '5');

        number.begin(integer, bytes[0]);
        for (int i = 1; i < bytes.length; i++) {
            number.add(bytes[i]);
        }

        assertThat(number.value()).isEqualTo(value);
    }
}
