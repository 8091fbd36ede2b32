package io.costoptimal.gateway.server.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsdTest {

    @ParameterizedTest
    @CsvSource({
        "2.50, 2500000000",
        "0, 0",
        "0.0028, 2800000",
        "0.000000001, 1",
        "600, 600000000000",
        "1.5000000000, 1500000000"
    })
    void readsDollarsExactly(String text, long nanos) {
        assertThat(Usd.parse(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1e3", ".5", "5.", "NaN", "Infinity", "1,5", "$2", "0x1", "1_000", "1.2.3"})
    void refusesWhatAPersonWouldNotWrite(String text) {
        assertThatThrownBy(() -> Usd.parse(text)).hasMessage("dollars such as 2.50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0000000001", "999999999999"})
    void refusesWhatNoLongOfNanoDollarsHolds(String text) {
        assertThatThrownBy(() -> Usd.parse(text)).hasMessage("dollars such as 2.50, with at most nine decimals");
    }

    @ParameterizedTest
    @CsvSource({
        "1.5e-07, 150000000",
        "0.00000015, 150000000",
        "2.5E-6, 2500000000",
        "3e-06, 3000000000",
        "0.0, 0",
        "5.46875e-07, 546875000",
        // What a floating-point sum has left behind is no price.
        "7.999999999999999e-08, 80000000",
        "1.4999999e-15, 1",
        "1.5e-15, 2",
        "4.9e-16, 0"
    })
    void readsAPriceForOneTokenWhateverItsExponent(String number, long nanos) {
        assertThat(Usd.perToken(number)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1e-6", "NaN", "1e-100", "1e999999999", "1e99", "", "one", "1e+"})
    void refusesNumbersThatAreNoPrice(String number) {
        assertThatThrownBy(() -> Usd.perToken(number)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"2500000000, 2.5", "0, 0", "1, 0.000000001", "600000000000, 600", "2800000, 0.0028"})
    void writesDollarsAsItReadsThem(long nanos, String text) {
        assertThat(Usd.show(nanos)).isEqualTo(text);
        assertThat(Usd.parse(text)).isEqualTo(nanos);
    }
}
