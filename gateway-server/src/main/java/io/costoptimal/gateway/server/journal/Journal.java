package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.exchange.RareWarning;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Carries the facts of each exchange that has ended from its event loop to the readers. Each loop writes into a lane of its
 * own, without a lock, an allocation or a wake-up; one thread reads all lanes, a batch at a time, and calls the readers.
 *
 * <p>When a lane is full, the newest exchange is dropped and counted. Any thread may call any method, but for
 * {@link #exchangeEnded}, which belongs to the event loops.
 */
public final class Journal implements GatewayListener, AutoCloseable {

    /** Why an exchange is dropped: no reader sees it. */
    public enum Loss {
        /** Its lane was full: the readers, or the disk behind one, are slower than the exchanges. */
        FULL,
        /** Writing it into the lane has thrown, which is a defect of ours. */
        DEFECT
    }

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(Journal.class);
    private static final RareWarning DEFECTS = new RareWarning(LOG);

    /** Some 6 000 exchanges, which is what one event loop does in a fifth of a second; with the room behind it, 2 MB. */
    private static final int LANE_BYTES = 2 * 1024 * 1024 - Lane.LONGEST - 1024;

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

    /** Entries read so far; of the journal's thread. */
    private long read;
    /** What {@link #read} was at the end of the last batch, when the readers were through with all of them. */
    private volatile long told;

    private volatile boolean closing;

    /** @param readers are told of each exchange in this order; with none of them nothing is written at all */
    public Journal(List<JournalReader> readers) {
        this(readers, LANE_BYTES);
    }

    /** @param laneBytes capacity of each lane */
    Journal(List<JournalReader> readers, int laneBytes) {
        this.readers = List.copyOf(readers);
        this.laneBytes = laneBytes;
        Wanted wanted = Wanted.by(readers);
        lane = new FastThreadLocal<>() {
            @Override
            protected Lane initialValue() {
                Lane made = new Lane(laneBytes, wanted);
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
        // Stays so when it throws.
        Lane.Added added = null;
        try {
            added = lane.get().add(exchange);
        } finally {
            if (added != Lane.Added.WRITTEN) {
                wakeOrDrop(added, exchange);
            }
        }
    }

    @Override
    public boolean wantsUsageCounted() {
        return readers.stream().anyMatch(JournalReader::wantsUsageCounted);
    }

    private void wakeOrDrop(Lane.Added added, ExchangeReport exchange) {
        if (added == Lane.Added.HALF_FULL) {
            LockSupport.unpark(thread);
        } else {
            Loss why = added == null ? Loss.DEFECT : Loss.FULL;
            readers.forEach(reader -> reader.lost(exchange, why));
        }
    }

    private void run() {
        Pause pause = new Pause();
        while (!closing) {
            LockSupport.parkNanos(pause.after(batch()));
        }
        batch();
        // Whoever asks from now on has nothing to wait for.
        answer(Long.MAX_VALUE);
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
            } catch (Throwable e) {
                readerFailed(e);
            }
        }
        told = read;
        answer(upTo);
        return most > 0;
    }

    /** Goes on whatever was thrown: an error that ended this thread would leave every reader without exchanges for good. */
    private static void readerFailed(Throwable cause) {
        OutOfMemory.passOn(cause);
        DEFECTS.log("journal_reader_failed", cause);
    }

    /** Reads one lane; how many bytes that were. */
    private long read(Lane each) {
        long bytes = each.readable();
        for (long left = bytes; left > 0; ) {
            left -= each.next(entry);
            read++;
            for (JournalReader reader : readers) {
                try {
                    reader.exchange(entry);
                } catch (Throwable e) {
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
     * Has the thread read at once what is in the lanes.
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

    /** Exchanges that were dropped. */
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

    /** Exchanges in the lanes, and those of the present batch, which readers may not have written yet. */
    long untold() {
        // In this order, so that it is never less than none.
        long upTo = told;
        long all = 0;
        for (Lane each : lanes) {
            all += each.entries();
        }
        return all - upTo;
    }

    /** Ends as {@link #end} does, within two seconds. Nothing may be told any more: the event loops have ended. */
    @Override
    public void close() {
        end(MOST_TO_END);
    }

    /**
     * Ends the thread once it has read all lanes. When a reader is held up for longer than that, the log says how many
     * exchanges are left, which no reader may ever see.
     *
     * @param most how long to wait for that
     */
    public void end(Duration most) {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(most.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long left = untold();
        if (left > 0) {
            LOG.warn("journal_cut_off exchanges={}", left);
        }
    }
}
