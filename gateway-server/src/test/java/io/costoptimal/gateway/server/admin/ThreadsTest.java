package io.costoptimal.gateway.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ThreadsTest {

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Semaphore running = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);

    @ParameterizedTest
    @CsvSource({"SCRAPE, 1, 8", "QUICK, 2, 64", "QUERY, 4, 32", "LONG_QUERY, 1, 4", "EXPORT, 2, 0"})
    void someAreAnsweredSomeWaitAndTheRestIsRefused(Threads.Kind kind, int atOnce, int waiting) throws Exception {
        try (Threads threads = new Threads()) {
            for (int i = 0; i < atOnce; i++) {
                threads.run(kind, this::question);
            }
            running.acquire(atOnce);
            for (int i = 0; i < waiting; i++) {
                threads.run(kind, this::question);
            }

            Answer refused = catchThrowableOfType(Refused.class, () -> threads.run(kind, this::question))
                    .answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fields()).containsEntry("retry-after", "1");

            gate.countDown();
            ended.acquire(atOnce + waiting);
            runOnceFree(threads, kind);
            ended.acquire();
        }
    }

    /** A thread takes the next question a moment after the last one has said that it ended. */
    private void runOnceFree(Threads threads, Threads.Kind kind) {
        for (; ; ) {
            try {
                threads.run(kind, this::question);
                return;
            } catch (Refused busy) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void noKindWaitsForAnother() throws Exception {
        try (Threads threads = new Threads()) {
            for (int i = 0; i < 36; i++) {
                threads.run(Threads.Kind.QUERY, this::question);
            }
            for (Threads.Kind kind : Threads.Kind.values()) {
                if (kind != Threads.Kind.QUERY && kind != Threads.Kind.NONE) {
                    threads.run(kind, ended::release);
                    ended.acquire();
                }
            }
            gate.countDown();
        }
    }

    private void question() {
        running.release();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.release();
    }
}
