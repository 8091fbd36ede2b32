package io.costoptimal.gateway.server.ledger;

import java.util.Arrays;

/**
 * Counts durations in buckets that grow with the duration, so that histograms of any hours can be added up and percentiles
 * read from the sum. Confined to one thread.
 *
 * <p>Up to 31 ms each millisecond has a bucket of its own. From there each doubling is cut into sixteen buckets of the same
 * width, so that the middle of a bucket differs from any duration in it by 1/33 at most, some 3 %. All from 2^31 ms (25 days)
 * on is one bucket.
 *
 * <p>Kept as bytes: for each bucket that is not empty how far it is behind the one before (the first: behind -1), then its
 * count, both as varints with the lowest seven bits first.
 */
public final class Histogram {

    private static final int PART_BITS = 4;
    private static final int PARTS = 1 << PART_BITS;
    private static final long LONGEST = 1L << 31;
    private static final int BUCKETS = bucket(LONGEST) + 1;

    private long[] counts = new long[PARTS];
    private long total;

    /** Counts one duration in milliseconds. */
    public void add(long millis) {
        add(bucket(millis), 1);
    }

    private void add(int bucket, long count) {
        if (bucket >= counts.length) {
            counts = Arrays.copyOf(counts, Math.min(BUCKETS, Math.max(bucket + 1, 2 * counts.length)));
        }
        counts[bucket] += count;
        total += count;
    }

    /** Adds all of {@code other}. */
    public void add(Histogram other) {
        for (int i = 0; i < other.counts.length; i++) {
            if (other.counts[i] != 0) {
                add(i, other.counts[i]);
            }
        }
    }

    /**
     * Adds what {@link #toBytes} has made.
     *
     * @throws IllegalArgumentException when it has not
     */
    public void add(byte[] bytes) {
        int bucket = -1;
        for (int at = 0; at < bytes.length; ) {
            long gap = varint(bytes, at);
            at += length(gap);
            long count = at < bytes.length ? varint(bytes, at) : 0;
            at += length(count);
            bucket += (int) Math.min(gap, BUCKETS + 1);
            if (gap < 1 || count < 1 || bucket >= BUCKETS) {
                throw new IllegalArgumentException("histogram: " + gap + " " + count + " (expected: buckets in order)");
            }
            add(bucket, count);
        }
    }

    /** How many durations were counted. */
    public long total() {
        return total;
    }

    /**
     * The middle of the bucket that holds the duration which {@code share} of all are not above.
     *
     * @param share above 0, up to 1
     * @return milliseconds; -1 when nothing was counted
     */
    public long percentile(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * total));
        for (int i = 0; i < counts.length; i++) {
            wanted -= counts[i];
            if (wanted <= 0 && total > 0) {
                return middle(i);
            }
        }
        return -1;
    }

    /** The form that is kept; empty when nothing was counted. */
    public byte[] toBytes() {
        int length = 0;
        for (int i = 0, last = -1; i < counts.length; i++) {
            if (counts[i] != 0) {
                length += length(i - last) + length(counts[i]);
                last = i;
            }
        }
        byte[] bytes = new byte[length];
        int at = 0;
        for (int i = 0, last = -1; i < counts.length; i++) {
            if (counts[i] != 0) {
                at = put(bytes, put(bytes, at, i - last), counts[i]);
                last = i;
            }
        }
        return bytes;
    }

    private static int bucket(long millis) {
        long value = Math.max(0, Math.min(LONGEST, millis));
        if (value < 2 * PARTS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - PART_BITS - Long.numberOfLeadingZeros(value);
        return (shift << PART_BITS) + (int) (value >>> shift);
    }

    private static long middle(int bucket) {
        if (bucket < 2 * PARTS) {
            return bucket;
        }
        int shift = (bucket >>> PART_BITS) - 1;
        long from = (long) (bucket - (shift << PART_BITS)) << shift;
        return from + (1L << shift) / 2;
    }

    private static int put(byte[] bytes, int at, long value) {
        int next = at;
        long rest = value;
        while (rest > 0x7f) {
            bytes[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[next++] = (byte) rest;
        return next;
    }

    private static int length(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    private static long varint(byte[] bytes, int from) {
        long value = 0;
        for (int at = from, shift = 0; at < bytes.length && shift < Long.SIZE; at++, shift += 7) {
            value |= (long) (bytes[at] & 0x7f) << shift;
            if (bytes[at] >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("histogram: " + bytes.length + " bytes (expected: one more)");
    }
}
