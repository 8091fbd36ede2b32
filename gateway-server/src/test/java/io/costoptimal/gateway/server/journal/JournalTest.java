package io.costoptimal.gateway.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of an exchange reaches every reader, or is counted. */
@Timeout(60)
class JournalTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Seen seen = new Seen();

    @Test
    void whatWasToldIsReadWhenSomebodyAsks() {
        try (Journal journal = new Journal(List.of(seen)).start()) {
            journal.exchangeEnded(Exchanges.ended("/a"));
            journal.exchangeEnded(Exchanges.ended("/b"));

            assertThat(journal.drain(LONG)).isTrue();
            assertThat(seen.paths).containsExactly("/a", "/b");
            assertThat(seen.batches.get()).isPositive();
        }
    }

    @Test
    void whatWasToldIsReadWithoutAnybodyAsking() throws InterruptedException {
        CountDownLatch read = new CountDownLatch(1);
        try (Journal journal = new Journal(List.of(entry -> read.countDown())).start()) {
            journal.exchangeEnded(Exchanges.ended("/a"));

            read.await();
        }
    }

    @Test
    void nothingThatWasToldBeforeTheEndIsLost() {
        Journal journal = new Journal(List.of(seen)).start();
        Exchange exchange = Exchanges.ended("/a");
        for (int i = 0; i < 1_000; i++) {
            journal.exchangeEnded(exchange);
        }
        journal.close();

        assertThat(seen.paths).hasSize(1_000);
        assertThat(seen.lost.get()).isZero();
    }

    @ParameterizedTest
    @MethodSource
    void aReaderThatFailsHidesNothingFromTheOthers(JournalReader broken) {
        try (Journal journal = new Journal(List.of(broken, seen)).start()) {
            journal.exchangeEnded(Exchanges.ended("/a"));
            journal.exchangeEnded(Exchanges.ended("/b"));

            assertThat(journal.drain(LONG)).isTrue();
            assertThat(seen.paths).containsExactly("/a", "/b");
        }
    }

    static List<JournalReader> aReaderThatFailsHidesNothingFromTheOthers() {
        return List.of(
                entry -> {
                    throw new IllegalStateException("broken");
                },
                entry -> {
                    throw new NoClassDefFoundError("broken");
                },
                new JournalReader() {
                    @Override
                    public void exchange(Entry entry) {}

                    @Override
                    public void batchEnd() {
                        throw new AssertionError("broken");
                    }
                });
    }

    @Test
    void whileAReaderIsHeldUpNobodyWaitsAndEveryExchangeIsToldOrCounted() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        JournalReader slow = entry -> {
            reading.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Journal journal = new Journal(List.of(slow, seen), 4 * Lane.LONGEST).start();
        Exchange exchange = Exchanges.ended("/a");
        journal.exchangeEnded(exchange);
        reading.await();
        int exchanges = 10_000;
        for (int i = 1; i < exchanges; i++) {
            journal.exchangeEnded(exchange);
        }

        assertThat(journal.drain(Duration.ofMillis(1))).isFalse();
        journal.end(Duration.ofMillis(1));
        long lost = journal.lost(Journal.Loss.FULL);
        assertThat(lost).isPositive().isEqualTo(seen.lost.get());
        assertThat(journal.fullestLaneBytes()).isBetween(journal.laneLimitBytes() / 2, journal.laneLimitBytes());
        assertThat(journal.untold() + lost).isEqualTo(exchanges);
        go.countDown();
        assertThat(journal.drain(LONG)).isTrue();
        journal.close();
        assertThat(seen.paths.size() + lost).isEqualTo(exchanges);
        assertThat(journal.untold()).isZero();
    }

    @Test
    void takesTextsOnlyForThoseWhoWantThem() {
        JournalReader counts = new JournalReader() {
            @Override
            public void exchange(Entry entry) {
                assertThat(entry.path()).isNull();
            }

            @Override
            public boolean wantsTexts() {
                return false;
            }
        };
        try (Journal journal = new Journal(List.of(counts)).start()) {
            journal.exchangeEnded(Exchanges.ended("/a"));

            assertThat(journal.drain(LONG)).isTrue();
        }
    }

    @Test
    void withoutReadersNothingIsWrittenAndNothingToWaitFor() {
        try (Journal journal = new Journal(List.of()).start()) {
            journal.exchangeEnded(Exchanges.ended("/a"));

            assertThat(journal.drain(LONG)).isTrue();
            assertThat(journal.fullestLaneBytes()).isZero();
        }
    }

    private static final class Seen implements JournalReader {

        private final List<String> paths = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger batches = new AtomicInteger();
        private final AtomicInteger lost = new AtomicInteger();

        @Override
        public void exchange(Entry entry) {
            paths.add(entry.path().toString());
        }

        @Override
        public void batchEnd() {
            batches.incrementAndGet();
        }

        @Override
        public void lost(ExchangeReport exchange, Journal.Loss why) {
            lost.incrementAndGet();
        }
    }
}
