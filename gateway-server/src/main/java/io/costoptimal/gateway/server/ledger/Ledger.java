package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.server.journal.JournalReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Keeps a row of each attempt: from the journal into a bounded queue, from there into a store, on a thread of its own. A store
 * that is slow, full or gone costs rows, which are counted, and nobody's time. Any thread may call any method.
 *
 * <p>At any moment {@link #written} and all that were {@link #dropped} and {@link #queuedRows}, and those on their way through
 * the journal, are all attempts there were; once it is closed, the first two are.
 */
public final class Ledger implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Ledger.class);

    private static final Duration GATHER = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final Duration MOST_TO_END = Duration.ofSeconds(5);

    private final LedgerStore store;
    private final RowQueue queue;
    private final Drops drops = new Drops();
    private final LedgerReader reader;
    private final LedgerWriter writer;
    private final Thread thread;
    private final Clock clock = Clock.systemUTC();

    /**
     * How much a ledger keeps.
     *
     * @param queueRows rows that may wait for the store
     * @param queueBytes how much memory they may take
     * @param retention how long rows are kept
     * @param cleanup how often older ones are dropped; {@code null} for never
     */
    public record Limits(int queueRows, long queueBytes, Duration retention, Duration cleanup) {}

    /**
     * A ledger whose thread does not run yet.
     *
     * @param store taken: closed by this ledger
     * @param rejected the file for rows that the store refuses
     */
    public Ledger(LedgerStore store, Path rejected, Limits limits) {
        this.store = store;
        queue = new RowQueue(new RowQueue.Limits(limits.queueRows(), limits.queueBytes()));
        reader = new LedgerReader(queue, drops);
        LedgerWriter.Schedule schedule =
                new LedgerWriter.Schedule(GATHER, RETRY, limits.retention(), limits.cleanup(), clock);
        writer = new LedgerWriter(store, queue, drops, new Rejected(rejected), schedule);
        thread = new Thread(writer, "ledger");
        thread.setDaemon(true);
    }

    /** Begins to write; once. */
    public Ledger start() {
        thread.start();
        return this;
    }

    /** Who is to be told of exchanges. */
    public JournalReader reader() {
        return reader;
    }

    /** See {@link LedgerStore#queries}. */
    public LedgerQueries queries(Duration limit) {
        return store.queries(limit);
    }

    /** Attempts that have a row. */
    public long written() {
        return writer.written();
    }

    /** Attempts that have none, for that reason. */
    public long dropped(Drop why) {
        return drops.total(why);
    }

    /** Rows that wait for the store. */
    public int queuedRows() {
        return queue.rows();
    }

    /** How much memory they take. */
    public long queuedBytes() {
        return queue.bytes();
    }

    /** How long the oldest of them has waited, in milliseconds; 0 when there is none. */
    public long lagMillis() {
        long oldest = queue.oldestMillis();
        return oldest < 0 ? 0 : Math.max(0, clock.millis() - oldest);
    }

    /** How often the store has refused something. */
    public long errors() {
        return writer.errors();
    }

    /** Ends as {@link #end} does, within five seconds. */
    @Override
    public void close() {
        end(MOST_TO_END);
    }

    /**
     * Writes what is there, and ends. Nothing may come from the journal any more.
     *
     * @param most how long to wait for the store; what it has not taken by then is lost, and the log says how many rows that
     *     are
     */
    public void end(Duration most) {
        writer.close(most);
        try {
            thread.join(most.toMillis() + RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long lost = drops.total(Drop.STOPPED) + queue.rows();
        if (lost > 0) {
            LOG.warn("ledger_cut_off rows={}", lost);
        }
    }
}
