package io.costoptimal.gateway.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the journal's thread looks again. */
class PauseTest {

    private final Pause pause = new Pause();

    @Test
    void looksAgainSoonWhileThereIsSomething() {
        for (int i = 0; i < 3; i++) {
            assertThat(pause.after(true)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void wakesAnIdleProcessTwiceASecondAndNotMoreOften() {
        pause.after(true);
        long nanos = 0;
        for (int wakeUps = 0; wakeUps < 5; wakeUps++) {
            nanos = pause.after(false);
        }

        assertThat(nanos).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(pause.after(false)).isEqualTo(nanos);
        assertThat(pause.after(true)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }
}
