package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Takes what is told of an exchange from its event loop to whoever wants to know. Each loop writes into a lane of its own,
 * without a lock, an allocation or a wake-up; one thread reads all lanes, a batch at a time, and tells the readers.
 *
 * <p>A lane that is full loses the newest entries, and counts them. Any thread may call any method, but for
 * {@link #exchangeEnded}, which belongs to the event loops.
 */
public final class Journal implements GatewayListener, AutoCloseable {

    /** Why nothing is told of an exchange. */
    public enum Loss {
        /** Its lane was full: the readers, or the disk behind one, are slower than the exchanges. */
        FULL,
        /** It could not be written down, which is a defect of ours. */
        DEFECT
    }

    private static final Logger LOG = LogManager.getLogger(Journal.class);

    /** Some 6 000 exchanges, which is what one event loop does in a fifth of a second; with the room behind it, 2 MB. */
    private static final int LANE_BYTES = 2 * 1024 * 1024 - Lane.LONGEST - 1024;

    private static final long FAILURE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration MOST_TO_END = Duration.ofSeconds(2);

    private final List<JournalReader> readers;
    private final int laneBytes;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<Lane> lane;
    private final Thread thread = new Thread(this::run, "journal");
    private final Entry entry = new Entry();

    private final AtomicLong asked = new AtomicLong();
    /** The last of {@link #asked} that a batch was read for; guarded by this. */
    private long answered;

    private final Peak fullest = new Peak(System.nanoTime());

    /** When the next failure of a reader may be logged; of the journal's thread. */
    private long failureDue = System.nanoTime();

    private volatile boolean closing;

    /** @param readers are told of each exchange in this order; with none of them nothing is written at all */
    public Journal(List<JournalReader> readers) {
        this(readers, LANE_BYTES);
    }

    /** @param laneBytes capacity of each lane */
    Journal(List<JournalReader> readers, int laneBytes) {
        this.readers = List.copyOf(readers);
        this.laneBytes = laneBytes;
        boolean texts = readers.stream().anyMatch(JournalReader::wantsTexts);
        lane = new FastThreadLocal<>() {
            @Override
            protected Lane initialValue() {
                Lane made = new Lane(laneBytes, texts);
                lanes.add(made);
                return made;
            }
        };
        thread.setDaemon(true);
    }

    /** Begins to read; once. */
    public Journal start() {
        if (!readers.isEmpty()) {
            thread.start();
        }
        return this;
    }

    @Override
    public void exchangeEnded(ExchangeReport exchange) {
        if (readers.isEmpty()) {
            return;
        }
        Lane.Added added = Lane.Added.LOST;
        try {
            added = lane.get().add(exchange);
        } finally {
            if (added != Lane.Added.WRITTEN) {
                notWrittenQuietly(added);
            }
        }
    }

    private void notWrittenQuietly(Lane.Added added) {
        if (added == Lane.Added.HALF_FULL) {
            LockSupport.unpark(thread);
        } else {
            readers.forEach(JournalReader::lost);
        }
    }

    private void run() {
        Pause pause = new Pause();
        while (!closing) {
            LockSupport.parkNanos(pause.after(batch()));
        }
        batch();
    }

    /** Reads what all lanes have by now; whether that was anything. */
    private boolean batch() {
        long upTo = asked.get();
        long most = 0;
        for (Lane each : lanes) {
            most = Math.max(most, read(each));
        }
        fullest.add(most, System.nanoTime());
        for (JournalReader reader : readers) {
            try {
                reader.batchEnd();
            } catch (RuntimeException e) {
                readerFailed(e);
            }
        }
        answer(upTo);
        return most > 0;
    }

    /** Says so at most every ten seconds: what fails for one exchange may fail for all of them. */
    private void readerFailed(RuntimeException defect) {
        long now = System.nanoTime();
        if (now - failureDue >= 0) {
            failureDue = now + FAILURE_NANOS;
            LOG.error("journal_reader_failed", defect);
        }
    }

    /** Reads one lane; how many bytes that were. */
    private long read(Lane each) {
        long bytes = each.readable();
        for (long left = bytes; left > 0; ) {
            left -= each.next(entry);
            for (JournalReader reader : readers) {
                try {
                    reader.exchange(entry);
                } catch (RuntimeException e) {
                    readerFailed(e);
                }
            }
        }
        each.release();
        return bytes;
    }

    private synchronized void answer(long upTo) {
        if (upTo > answered) {
            answered = upTo;
            notifyAll();
        }
    }

    /**
     * Has everything that was told until now read at once.
     *
     * @param most how long to wait for that
     * @return whether it was read in time
     */
    public boolean drain(Duration most) {
        if (!thread.isAlive()) {
            return true;
        }
        long mine = asked.incrementAndGet();
        LockSupport.unpark(thread);
        long deadline = System.nanoTime() + most.toNanos();
        synchronized (this) {
            while (answered < mine) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    /** Exchanges of which nothing was told. */
    public long lost(Loss why) {
        long lost = 0;
        for (Lane each : lanes) {
            lost += each.lost(why);
        }
        return lost;
    }

    /** The most bytes that any lane had in the last minute, or has now. */
    public long fullestLaneBytes() {
        long most = fullest.value();
        for (Lane each : lanes) {
            most = Math.max(most, each.used());
        }
        return most;
    }

    /** Bytes that a lane holds at most. */
    public long laneLimitBytes() {
        return laneBytes;
    }

    /**
     * Ends the thread once everything that was told is read. Nothing may be told any more: the event loops have ended.
     */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(MOST_TO_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
