package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.ledger.LedgerException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every row is written or counted, whatever the store does. */
@Timeout(60)
class LedgerWriterTest {

    private static final long NOW = TestRows.at("2026-11-27T10:00:00Z");

    @TempDir
    Path folder;

    private final TestRows rows = new TestRows();
    private final Drops drops = new Drops();
    private RowQueue queue = new RowQueue(new RowQueue.Limits(1_000_000, 1L << 40));
    private LedgerWriter writer;

    private LedgerWriter start(ScriptedStore store) {
        Duration moment = Duration.ofMillis(1);
        LedgerWriter.Schedule schedule =
                new LedgerWriter.Schedule(moment, moment, Duration.ofDays(90), null, Clock.systemUTC());
        writer = new LedgerWriter(store, queue, drops, new Rejected(folder.resolve("rejected.jsonl")), schedule);
        Thread thread = new Thread(writer);
        thread.setDaemon(true);
        thread.start();
        return writer;
    }

    private List<Row> make(int count) {
        return Stream.generate(() -> rows.at(NOW)).limit(count).toList();
    }

    /** As the journal's reader does. */
    private void offer(List<Row> more) {
        for (Row row : more) {
            if (!queue.offer(row)) {
                drops.add(Drop.QUEUE_FULL, 1, row.number(Column.STARTED_AT));
            }
        }
        queue.wake();
    }

    @Test
    void allThatCameIsWrittenBeforeTheEnd() throws Exception {
        ScriptedStore store = new ScriptedStore(batch -> {});
        start(store);
        List<Row> all = make(3 * LedgerWriter.BATCH + 1);
        offer(all);
        drops.add(Drop.LANE_FULL, 3, NOW);
        drops.add(Drop.LANE_FULL, 2, NOW - 5);
        writer.close(Duration.ofSeconds(30));

        assertThat(store.awaitClosed()).isTrue();
        assertThat(store.rows()).isEqualTo(all);
        assertThat(store.gaps()).allMatch(gap -> gap.why() == Drop.LANE_FULL);
        assertThat(store.missing()).isEqualTo(5);
        assertThat(writer.written()).isEqualTo(all.size());
        assertThat(queue.rows()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void whileTheStoreTakesNothingTheQueueFillsAndWhatFindsNoRoomIsCountedAndToldOf() throws Exception {
        queue = new RowQueue(new RowQueue.Limits(500, 1L << 40));
        CountDownLatch refused = new CountDownLatch(3);
        CountDownLatch back = new CountDownLatch(1);
        ScriptedStore store = new ScriptedStore(batch -> {
            boolean gone = back.getCount() > 0;
            refused.countDown();
            if (gone) {
                throw new LedgerException(Kind.STORE, "gone", null);
            }
        });
        start(store);
        List<Row> all = make(800);
        offer(all);
        refused.await();
        offer(make(100));
        assertThat(drops.total(Drop.QUEUE_FULL)).isEqualTo(400);
        assertThat(queue.rows()).isEqualTo(500);
        back.countDown();
        writer.close(Duration.ofSeconds(30));

        assertThat(store.awaitClosed()).isTrue();
        assertThat(store.rows()).isEqualTo(all.subList(0, 500));
        assertThat(store.missing()).isEqualTo(400);
        assertThat(writer.written()).isEqualTo(500);
        assertThat(writer.errors()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void theQueueIsBoundedInBytesToo() {
        Row row = rows.at(NOW);
        queue = new RowQueue(new RowQueue.Limits(1_000, 10L * row.bytes() + 1));
        for (int i = 0; i < 10; i++) {
            assertThat(queue.offer(row)).isTrue();
        }
        assertThat(queue.offer(row)).isFalse();
        assertThat(queue.bytes()).isEqualTo(10L * row.bytes());
    }

    @Test
    void rowsThatTheStoreRefusesAreFoundAmongTheOthersAndKeptAside() throws Exception {
        ScriptedStore store = new ScriptedStore(batch -> {
            if (batch.stream().anyMatch(row -> "poison".equals(row.text(Column.MODEL_ASKED)))) {
                throw new LedgerException(Kind.ROWS, "not this one", null);
            }
        });
        List<Row> all = make(1_000);
        for (int poison : new int[] {0, 499, 500, 998, 999}) {
            all.get(poison).set(Column.MODEL_ASKED, "poison");
        }
        offer(all);
        start(store).close(Duration.ofSeconds(30));

        assertThat(store.awaitClosed()).isTrue();
        assertThat(store.rows())
                .containsExactlyElementsOf(all.stream()
                        .filter(row -> !"poison".equals(row.text(Column.MODEL_ASKED)))
                        .toList());
        assertThat(drops.total(Drop.REJECTED)).isEqualTo(5);
        assertThat(store.missing()).isEqualTo(5);
        assertThat(Files.readAllLines(folder.resolve("rejected.jsonl")))
                .hasSize(5)
                .allMatch(
                        line -> line.startsWith("{\"started_at\":\"2026-11-27T10:00:00.000Z\",\"request_id\":\"req_"));
    }

    @Test
    void aDefectOfTheStoreCostsNoMoreRowsThanItHasTo() throws Exception {
        Row defect = rows.at(NOW);
        ScriptedStore store = new ScriptedStore(batch -> {
            if (batch.contains(defect)) {
                throw new IllegalStateException("defect");
            }
        });
        List<Row> others = make(100);
        offer(List.of(defect));
        offer(others);
        start(store).close(Duration.ofSeconds(30));

        assertThat(store.awaitClosed()).isTrue();
        assertThat(store.rows()).isEqualTo(others);
        assertThat(drops.total(Drop.REJECTED)).isOne();
    }

    @Test
    void aStoreThatIsGoneAtTheEndHoldsTheProcessUpForNoLongerThanItMay() throws Exception {
        ScriptedStore store = new ScriptedStore(batch -> {
            throw new LedgerException(Kind.STORE, "gone", null);
        });
        int count = 2 * LedgerWriter.BATCH;
        offer(make(count));
        start(store).close(Duration.ofMillis(20));

        assertThat(store.awaitClosed()).isTrue();
        assertThat(drops.total(Drop.STOPPED)).isEqualTo(count);
        assertThat(writer.written()).isZero();
        assertThat(queue.rows()).isZero();
    }

    @Test
    void whileTheStoreHangsNobodyWaits() throws Exception {
        queue = new RowQueue(new RowQueue.Limits(10, 1L << 40));
        Semaphore hanging = new Semaphore(0);
        CountDownLatch entered = new CountDownLatch(1);
        ScriptedStore store = new ScriptedStore(batch -> {
            entered.countDown();
            hanging.acquireUninterruptibly();
        });
        start(store);
        offer(make(1));
        entered.await();
        offer(make(1_000));
        assertThat(queue.rows()).isEqualTo(10);
        assertThat(drops.total(Drop.QUEUE_FULL)).isEqualTo(991);
        hanging.release(1_000);
        writer.close(Duration.ofSeconds(30));
        assertThat(store.awaitClosed()).isTrue();
        assertThat(store.rows()).hasSize(10);
        assertThat(store.missing()).isEqualTo(991);
    }

    @Test
    void everyRowIsWrittenOrCountedWhileTheStoreComesAndGoes() throws Exception {
        queue = new RowQueue(new RowQueue.Limits(2_000, 1L << 40));
        AtomicInteger batches = new AtomicInteger();
        ScriptedStore store = new ScriptedStore(batch -> {
            int n = batches.incrementAndGet();
            if (n % 7 < 3) {
                throw new LedgerException(Kind.STORE, "now and then", null);
            }
            if (n % 5 == 0 && !batch.isEmpty()) {
                throw new LedgerException(Kind.ROWS, "at random", null);
            }
        });
        start(store);
        int count = 30_000;
        for (int i = 0; i < count / 10; i++) {
            offer(make(10));
        }
        writer.close(Duration.ofSeconds(30));
        assertThat(store.awaitClosed()).isTrue();

        long dropped = Stream.of(Drop.values()).mapToLong(drops::total).sum();
        assertThat(store.rows().size() + dropped).isEqualTo(count);
        assertThat(writer.written()).isEqualTo(store.rows().size());
        assertThat(store.missing()).isEqualTo(dropped);
    }
}
