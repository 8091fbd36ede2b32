package io.costoptimal.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CountingPoolTest {

    @Test
    void refusesWhatTheQueueCannotHold() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(2);
        try (CountingPool pool = new CountingPool(1, 1)) {
            pool.execute(() -> {
                running.countDown();
                await(gate);
                both.countDown();
            });
            await(running);
            pool.execute(both::countDown);

            assertThat(pool.queued()).isEqualTo(1);
            assertThat(pool.running()).isEqualTo(1);
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);

            gate.countDown();
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void runsWhatItAcceptedAndRefusesTheRestOnceClosed() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        CountingPool pool = new CountingPool(1, 4);
        pool.execute(() -> await(gate));
        pool.execute(done::countDown);

        pool.close();

        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        gate.countDown();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void goesOnAfterAJobThatThrewOnThreadsThatKeepNoProcessAlive() throws InterruptedException {
        AtomicBoolean daemon = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        try (CountingPool pool = new CountingPool(1, 4)) {
            pool.execute(() -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, expected) -> {});
                throw new IllegalStateException("expected");
            });
            pool.execute(() -> {
                daemon.set(Thread.currentThread().isDaemon());
                done.countDown();
            });

            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(daemon).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
