package io.costoptimal.gateway.server.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Rows on their way to the store, bounded in number and in bytes, those included that are being written. The journal's thread
 * adds, the writer takes, any thread asks; nobody holds the lock for longer than it takes to move some references.
 */
final class RowQueue {

    private final Limits limits;
    private final ArrayDeque<Row> waiting = new ArrayDeque<>();
    /** The oldest row that was taken and not let go of; {@code null} when there is none. */
    private Row oldestTaken;

    private int rows;
    private long bytes;
    private boolean closed;

    RowQueue(Limits limits) {
        this.limits = limits;
    }

    /**
     * How much may wait.
     *
     * @param rows how many of them
     * @param bytes how much memory they may take
     */
    public record Limits(int rows, long bytes) {}

    /** Adds a row; whether there was room. The writer is not told before {@link #wake}. */
    synchronized boolean offer(Row row) {
        if (rows >= limits.rows() || bytes + row.bytes() > limits.bytes()) {
            return false;
        }
        waiting.add(row);
        rows++;
        bytes += row.bytes();
        return true;
    }

    /** Tells the writer that rows may be there. */
    synchronized void wake() {
        if (!waiting.isEmpty()) {
            notifyAll();
        }
    }

    /** Nothing is waited for any more: what is there is taken at once. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /**
     * Takes the oldest rows, which count as waiting until {@link #letGo}. Waits for the first, and then, so that one
     * transaction has many, until there are {@code most} or the time is over.
     *
     * @param firstMillis how long to wait for the first
     * @param moreMillis how long to wait for more
     * @return empty when none came
     */
    synchronized List<Row> take(int most, long firstMillis, long moreMillis) throws InterruptedException {
        await(1, firstMillis);
        if (!waiting.isEmpty()) {
            await(most, moreMillis);
        }
        List<Row> taken = new ArrayList<>(Math.min(most, waiting.size()));
        while (taken.size() < most && !waiting.isEmpty()) {
            taken.add(waiting.remove());
        }
        oldestTaken = taken.isEmpty() ? null : taken.get(0);
        return taken;
    }

    private void await(int wanted, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!closed && waiting.size() < wanted) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    /** Forgets {@code taken}: it is written, or dropped. */
    synchronized void letGo(List<Row> taken) {
        for (Row row : taken) {
            rows--;
            bytes -= row.bytes();
        }
        oldestTaken = null;
    }

    synchronized int rows() {
        return rows;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** When the attempt of the oldest row ended, in milliseconds since 1970; -1 when there is no row. */
    synchronized long oldestMillis() {
        Row oldest = oldestTaken == null ? waiting.peek() : oldestTaken;
        return oldest == null
                ? -1
                : oldest.number(Column.STARTED_AT)
                        + oldest.number(Column.STARTED_AFTER_MS, 0)
                        + oldest.number(Column.TOTAL_MS, 0);
    }
}
