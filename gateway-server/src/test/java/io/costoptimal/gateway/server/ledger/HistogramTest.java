package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations in buckets: how far off they are, and that parts add up to the whole. */
class HistogramTest {

    private final Random random = new Random(3);

    @Test
    void aDurationIsToldWithinFivePercent() {
        for (long millis = 0; millis < 1L << 31; millis += 1 + millis / 100) {
            Histogram one = new Histogram();
            one.add(millis);
            assertThat(one.percentile(0.5)).isCloseTo(millis, within(millis / 20));
        }
    }

    @Test
    void shortDurationsAreExact() {
        for (long millis = 0; millis < 32; millis++) {
            Histogram one = new Histogram();
            one.add(millis);
            assertThat(one.percentile(1)).isEqualTo(millis);
        }
    }

    @Test
    void percentilesAreThoseOfTheDurationsWithinFivePercent() {
        Histogram all = new Histogram();
        long[] millis = random.longs(10_000, 1, 100_000).map(n -> n * n / 1_000).toArray();
        Arrays.stream(millis).forEach(all::add);
        Arrays.sort(millis);

        for (double share : new double[] {0.5, 0.9, 0.99, 1}) {
            long exact = millis[(int) Math.ceil(share * millis.length) - 1];
            assertThat(all.percentile(share)).isCloseTo(exact, within(exact / 20));
        }
    }

    @Test
    void partsThatWereKeptAsBytesAddUpToTheWhole() {
        Histogram whole = new Histogram();
        Histogram sum = new Histogram();
        for (int part = 0; part < 50; part++) {
            Histogram hour = new Histogram();
            for (int i = random.nextInt(200); i > 0; i--) {
                long millis = (long) Math.exp(random.nextDouble() * 21);
                hour.add(millis);
                whole.add(millis);
            }
            sum.add(hour.toBytes());
        }

        assertThat(sum.total()).isEqualTo(whole.total());
        assertThat(sum.toBytes()).isEqualTo(whole.toBytes());
    }

    @Test
    void withoutDurationsThereIsNoPercentileAndNothingToKeep() {
        Histogram none = new Histogram();
        assertThat(none.percentile(0.5)).isEqualTo(-1);
        assertThat(none.toBytes()).isEmpty();
        none.add(new byte[0]);
        assertThat(none.total()).isZero();
    }

    @Test
    void whatIsLongerThanAnythingIsInTheLastBucket() {
        Histogram one = new Histogram();
        one.add(Long.MAX_VALUE);
        Histogram other = new Histogram();
        other.add(one.toBytes());
        assertThat(other.percentile(1)).isGreaterThanOrEqualTo(1L << 31);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "0100", "80", "ffffffffffffffffff7f01", "ff7f01"})
    void bytesThatAreNoHistogramAreRefused(String hex) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> new Histogram().add(bytes)).isInstanceOf(IllegalArgumentException.class);
    }
}
