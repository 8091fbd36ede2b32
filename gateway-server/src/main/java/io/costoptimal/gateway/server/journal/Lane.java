package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.ExchangeReport;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bounded ring of entries that one event loop writes and the journal's thread reads. Neither waits for the other: the loop
 * publishes each entry by adding its length to {@link #written}, and the reader gives room back once a batch by {@link #read}.
 *
 * <p>An entry is never split. The array is {@link #LONGEST} bytes longer than the ring, so that an entry which begins before
 * the end of the ring fits whatever its length; the next one then begins at the start of the array. An entry is begun only
 * when {@link #LONGEST} bytes are free, so nothing need know its length beforehand.
 */
final class Lane {

    /** What became of an exchange. */
    enum Added {
        WRITTEN,
        /** Written, and the lane is now half full: the journal is to be woken. Not said again until it was less than that. */
        HALF_FULL,
        LOST
    }

    /** Bytes that an entry takes at most. */
    static final int LONGEST = 72 * 1024;

    private final int capacity;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong full = new AtomicLong();
    private final AtomicLong defects = new AtomicLong();

    // The event loop's own.
    private final EntryOutput out;
    private final EntryWriter writer;
    private long writtenSoFar;
    /** A value of {@link #read}, looked at anew when it makes the lane seem half full. */
    private long readOnceSeen;

    private boolean woken;

    // The journal's own.
    private final EntryInput in;
    private long readSoFar;
    private int readAt;

    /**
     * @param capacity in bytes, at least four times {@link #LONGEST}
     * @param wanted what entries have to hold
     */
    Lane(int capacity, Wanted wanted) {
        this.capacity = capacity;
        byte[] bytes = new byte[capacity + LONGEST];
        out = new EntryOutput(bytes);
        writer = new EntryWriter(out, wanted);
        in = new EntryInput(bytes);
    }

    /**
     * Adds an entry, or counts it as lost when the lane is full; by the event loop. What cannot be written down is counted
     * as lost and throws.
     */
    Added add(ExchangeReport exchange) {
        boolean halfFull = halfFull();
        if (writtenSoFar - readOnceSeen > capacity - LONGEST) {
            count(full);
            return Added.LOST;
        }
        int start = out.at();
        boolean whole = false;
        try {
            writer.write(exchange);
            whole = true;
        } finally {
            if (!whole) {
                out.moveTo(start);
                writer.entryIsVoid();
                count(defects);
            }
        }
        int length = out.at() - start;
        EntryOutput.INT.set(out.bytes(), start, length);
        if (out.at() >= capacity) {
            out.moveTo(0);
        }
        writtenSoFar += length;
        written.setRelease(writtenSoFar);
        count(entries);
        boolean wake = halfFull && !woken;
        woken = halfFull;
        return wake ? Added.HALF_FULL : Added.WRITTEN;
    }

    private boolean halfFull() {
        if (writtenSoFar - readOnceSeen <= capacity / 2) {
            return false;
        }
        readOnceSeen = read.getAcquire();
        return writtenSoFar - readOnceSeen > capacity / 2;
    }

    /** How many bytes of entries there are to read; by the journal's thread, as are the next two. */
    long readable() {
        return written.getAcquire() - readSoFar;
    }

    /** Moves {@code entry} to the next one, and returns its bytes. To be called only while there are readable ones. */
    int next(Entry entry) {
        in.moveTo(readAt);
        int length = in.getInt();
        entry.read(in);
        readAt += length;
        if (readAt >= capacity) {
            readAt = 0;
        }
        readSoFar += length;
        return length;
    }

    /** Gives the room of everything that was read back to the event loop. */
    void release() {
        read.setRelease(readSoFar);
    }

    /** Bytes that may be in use. Any thread. */
    int capacity() {
        return capacity;
    }

    /** Bytes in use. Any thread. */
    long used() {
        // In this order, so that it is never less than none.
        long upTo = read.get();
        return written.get() - upTo;
    }

    /** Entries that were written since the lane was made. Any thread. */
    long entries() {
        return entries.getOpaque();
    }

    /** Entries that were lost. Any thread. */
    long lost(Journal.Loss why) {
        return (why == Journal.Loss.FULL ? full : defects).getOpaque();
    }

    /** Only the event loop counts. */
    private static void count(AtomicLong entries) {
        entries.setOpaque(entries.getPlain() + 1);
    }
}
