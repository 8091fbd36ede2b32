package io.costoptimal.gateway.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a peak is remembered. */
class PeakTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Peak peak = new Peak(0);

    @Test
    void isTheHighestOfTheLastHalfMinute() {
        peak.add(7, 1 * SECOND);
        peak.add(9, 2 * SECOND);
        peak.add(8, 29 * SECOND);
        assertThat(peak.value()).isEqualTo(9);

        peak.add(1, 31 * SECOND);
        assertThat(peak.value()).isEqualTo(9);
    }

    @Test
    void isForgottenAfterAMinute() {
        peak.add(9, 29 * SECOND);
        peak.add(1, 31 * SECOND);
        peak.add(2, 62 * SECOND);

        assertThat(peak.value()).isEqualTo(2);
    }

    @Test
    void isForgottenWhenNothingWasAddedForAMinute() {
        peak.add(9, 1 * SECOND);
        peak.add(1, 200 * SECOND);

        assertThat(peak.value()).isEqualTo(1);
    }
}
