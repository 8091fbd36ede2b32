package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LazyTimerTest {

    private static final long NOTHING_SCHEDULED = -1;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int expired;
    private final LazyTimer timer = new LazyTimer(channel.eventLoop(), () -> expired++);

    @BeforeEach
    void stopTheClock() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(long nanos) {
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void expiresOnceAtItsDeadline() {
        timer.start(100);
        pass(99);
        assertThat(expired).isZero();
        pass(1);
        assertThat(expired).isEqualTo(1);
        pass(1000);
        assertThat(expired).isEqualTo(1);
        assertThat(timer.running()).isFalse();
    }

    @Test
    void touchGivesAWholePeriodAgain() {
        timer.start(100);
        for (int i = 0; i < 10; i++) {
            pass(60);
            timer.touch();
        }
        pass(99);
        assertThat(expired).isZero();
        pass(1);
        assertThat(expired).isEqualTo(1);
    }

    @Test
    void touchSchedulesNothing() {
        timer.start(100);
        pass(60);
        timer.touch();
        assertThat(channel.runScheduledPendingTasks())
                .as("the one task is still that of the start")
                .isEqualTo(40);
    }

    @Test
    void doesNotExpireOnceStoppedAndMayBeStartedAgain() {
        timer.start(100);
        timer.stop();
        pass(50);
        timer.start(100);
        pass(99);
        assertThat(expired).isZero();
        pass(1);
        assertThat(expired).isEqualTo(1);
    }

    @Test
    void shorterPeriodExpiresAtItsOwnDeadline() {
        timer.start(100);
        timer.start(10);
        pass(10);
        assertThat(expired).isEqualTo(1);
        pass(1000);
        assertThat(expired).isEqualTo(1);
    }

    @Test
    void mayBeStartedWhenItExpires() {
        LazyTimer[] again = new LazyTimer[1];
        again[0] = new LazyTimer(channel.eventLoop(), () -> {
            if (++expired < 3) {
                again[0].start(100);
            }
        });
        again[0].start(100);
        pass(100);
        pass(100);
        pass(100);
        pass(100);
        assertThat(expired).isEqualTo(3);
    }

    @Test
    void cancelLeavesNothingScheduled() {
        timer.start(100);
        timer.cancel();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NOTHING_SCHEDULED);
        pass(1000);
        assertThat(expired).isZero();
    }
}
