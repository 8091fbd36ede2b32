package io.costoptimal.gateway.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OutputLengthsTest {

    private final OutputLengths lengths = new OutputLengths();

    @Test
    void nothingIsExpectedBeforeTheFirstAnswer() {
        assertThat(lengths.expected("gpt-4o", "team")).isEqualTo(-1);
    }

    @Test
    void theFirstAnswersCountAlike() {
        lengths.learn("gpt-4o", "team", 100);
        lengths.learn("gpt-4o", "team", 200);
        lengths.learn("gpt-4o", "team", 600);

        assertThat(lengths.expected("gpt-4o", "team")).isEqualTo(300);
    }

    @Test
    void anAnswerWithoutOutputIsOneToo() {
        lengths.learn("gpt-4o", "team", 0);

        assertThat(lengths.expected("gpt-4o", "team")).isZero();
    }

    @Test
    void eachKeyAndEachEntryHasItsOwn() {
        lengths.learn("gpt-4o", "team", 100);
        lengths.learn("gpt-4o", "batch", 5000);
        lengths.learn("claude-*", "team", 700);

        assertThat(lengths.expected("gpt-4o", "team")).isEqualTo(100);
        assertThat(lengths.expected("gpt-4o", "batch")).isEqualTo(5000);
        assertThat(lengths.expected("claude-*", "team")).isEqualTo(700);
        assertThat(lengths.expected("claude-*", "batch")).isEqualTo(-1);
    }

    @Test
    void olderAnswersFade() {
        for (int i = 0; i < 1000; i++) {
            lengths.learn("gpt-4o", "team", 100);
        }
        lengths.learn("gpt-4o", "team", 1700);
        assertThat(lengths.expected("gpt-4o", "team"))
                .as("a sixteenth of the way")
                .isEqualTo(200);
        for (int i = 0; i < 200; i++) {
            lengths.learn("gpt-4o", "team", 1700);
        }

        assertThat(lengths.expected("gpt-4o", "team")).isBetween(1699L, 1700L);
    }

    @Test
    void whatIsNoLengthIsLeftOut() {
        lengths.learn("gpt-4o", "team", -1);
        lengths.learn("gpt-4o", "team", Money.MOST_TOKENS + 1);

        assertThat(lengths.expected("gpt-4o", "team")).isEqualTo(-1);
    }

    @Test
    void moreNamesThanThereIsRoomForTakeEachOthersPlace() {
        for (int i = 0; i < 100_000; i++) {
            lengths.learn("model-" + i, "team", i);
        }

        assertThat(lengths.expected("model-99999", "team")).isEqualTo(99_999);
        assertThat(lengths.expected("model-0", "team")).isEqualTo(-1);
    }

    @Test
    void severalThreadsLeaveAMeanOfWhatTheyTold() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long tokens = 100 + 100 * i;
            threads.add(new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int n = 0; n < 10_000; n++) {
                    lengths.learn("gpt-4o", "team", tokens);
                }
            }));
        }
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(lengths.expected("gpt-4o", "team")).isBetween(100L, 400L);
    }
}
