package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.RareWarning;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Takes rows from the queue and writes them, with what is to be said of dropped ones, on a thread of its own. It alone calls
 * the store. What cannot be written now is tried until it can; meanwhile the queue fills, and rows are dropped there.
 *
 * <p>Every row that it takes is in the end either written or counted as dropped.
 */
final class LedgerWriter implements Runnable {

    private static final Logger LOG = LogManager.getLogger(LedgerWriter.class);
    private static final RareWarning DEFECTS = new RareWarning(InternalLoggerFactory.getInstance(LedgerWriter.class));

    /** Rows of a transaction at most. */
    static final int BATCH = 5_000;

    private static final int LONGEST_PAUSE = 16;

    private final LedgerStore store;
    private final RowQueue queue;
    private final Drops drops;
    private final Rejected rejected;
    private final Schedule schedule;

    private final AtomicLong written = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();

    private long nextExpiry = Long.MIN_VALUE;
    private boolean failing;
    private boolean idle = true;

    private final CountDownLatch closing = new CountDownLatch(1);
    /** When nothing is tried any more, as {@link System#nanoTime} says. Set before {@link #closing}. */
    private volatile long end;

    /**
     * When what is done.
     *
     * @param gather how long rows are gathered for one transaction
     * @param retry from one attempt to the next while the store takes nothing; twice as long each time, up to 16 times
     * @param retention how long rows are kept
     * @param cleanup how often older ones are dropped; {@code null} for never
     * @param clock of retention
     */
    record Schedule(Duration gather, Duration retry, Duration retention, Duration cleanup, Clock clock) {}

    LedgerWriter(LedgerStore store, RowQueue queue, Drops drops, Rejected rejected, Schedule schedule) {
        this.store = store;
        this.queue = queue;
        this.drops = drops;
        this.rejected = rejected;
        this.schedule = schedule;
    }

    @Override
    public void run() {
        try {
            while (!isClosing() || queue.rows() > 0) {
                step();
            }
            tell(drops.take());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            store.close();
        }
    }

    private void step() throws InterruptedException {
        long gather = schedule.gather().toMillis();
        List<Row> rows = queue.take(BATCH, 5 * gather, gather);
        if (!rows.isEmpty()) {
            idle = false;
            try {
                write(rows);
            } finally {
                queue.letGo(rows);
            }
        }
        tell(drops.take());
        if (rows.isEmpty() && !idle) {
            idle = true;
            maintain(store::idle);
        }
        expireIfDue();
    }

    private void tell(List<Gap> gaps) throws InterruptedException {
        if (!gaps.isEmpty()) {
            write(List.of(), gaps);
        }
    }

    private void write(List<Row> rows) throws InterruptedException {
        write(rows, drops.take());
    }

    private void write(List<Row> rows, List<Gap> gaps) throws InterruptedException {
        long pause = schedule.retry().toMillis();
        for (LedgerException failure = tried(rows, gaps); failure != null; failure = tried(rows, gaps)) {
            errors.incrementAndGet();
            if (failure.kind() == LedgerException.Kind.ROWS) {
                apart(rows, gaps, failure);
                return;
            }
            unavailable(failure);
            if (isClosing() && System.nanoTime() - end >= 0) {
                stopped(rows);
                return;
            }
            closing.await(pause, TimeUnit.MILLISECONDS);
            pauseWhileClosing();
            pause = Math.min(2 * pause, LONGEST_PAUSE * schedule.retry().toMillis());
        }
        written.addAndGet(rows.size());
    }

    /** Once it is closing nothing wakes it any more, and it must not try without a pause. */
    private void pauseWhileClosing() throws InterruptedException {
        if (isClosing()) {
            Thread.sleep(Math.max(0, Math.min(schedule.retry().toMillis(), leftMillis())));
        }
    }

    private long leftMillis() {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    /** Returns why it was not written; {@code null} when it was. A defect of the store's is blamed on the rows. */
    private LedgerException tried(List<Row> rows, List<Gap> gaps) {
        try {
            store.write(rows, gaps);
            available();
            return null;
        } catch (LedgerException e) {
            return e;
        } catch (LinkageError e) {
            // The driver's native code cannot be loaded, because there is no folder to unpack it into, for example.
            return new LedgerException(LedgerException.Kind.STORE, e.toString(), e);
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            DEFECTS.log("ledger_store_failed", e);
            return new LedgerException(LedgerException.Kind.ROWS, e.toString(), e);
        }
    }

    /** Writes halves of what could not be written as a whole, down to the row that cannot be written at all. */
    private void apart(List<Row> rows, List<Gap> gaps, LedgerException failure) throws InterruptedException {
        if (rows.isEmpty()) {
            DEFECTS.log("ledger_gaps_rejected", failure);
            drops.giveBack(gaps);
        } else if (rows.size() == 1) {
            Row row = rows.get(0);
            rejected.keep(row, failure);
            drops.add(Drop.REJECTED, 1, row.number(Column.STARTED_AT));
            tell(gaps);
        } else {
            int half = rows.size() / 2;
            write(rows.subList(0, half), gaps);
            write(rows.subList(half, rows.size()), List.of());
        }
    }

    private void stopped(List<Row> rows) {
        rows.forEach(row -> drops.add(Drop.STOPPED, 1, row.number(Column.STARTED_AT)));
    }

    private void unavailable(LedgerException failure) {
        if (!failing) {
            failing = true;
            LOG.warn("ledger_unavailable cause=\"{}\"", failure.getMessage());
        }
    }

    private void available() {
        if (failing) {
            failing = false;
            LOG.info("ledger_available_again dropped={}", drops.total(Drop.QUEUE_FULL) + drops.total(Drop.LANE_FULL));
        }
    }

    private void expireIfDue() {
        long now = schedule.clock().millis();
        if (schedule.cleanup() != null && now >= nextExpiry) {
            nextExpiry = now + schedule.cleanup().toMillis();
            maintain(() -> store.expire(now - schedule.retention().toMillis()));
        }
    }

    private interface Maintenance {
        void run() throws LedgerException;
    }

    /** What can wait for the next time. */
    private void maintain(Maintenance maintenance) {
        try {
            maintenance.run();
        } catch (LedgerException e) {
            errors.incrementAndGet();
            unavailable(e);
        } catch (Throwable e) {
            OutOfMemory.passOn(e);
            DEFECTS.log("ledger_store_failed", e);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Has it write what is in the queue, and end. Any thread. */
    void close(Duration most) {
        end = System.nanoTime() + most.toNanos();
        closing.countDown();
        queue.close();
    }

    /** Rows that the store has; those that it had already count too. Any thread. */
    long written() {
        return written.get();
    }

    /** How often the store has refused something. Any thread. */
    long errors() {
        return errors.get();
    }
}
