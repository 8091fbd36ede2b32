package io.costoptimal.gateway.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes eight at a time: the one place that knows how. Stateless.
 *
 * <p>Methods that take a word of eight bytes set the high bit of each byte they look for. The lowest bit set is always
 * right; bits above it may be wrong, because a borrow runs from a hit towards the bytes behind it.
 */
public final class Swar {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long CASE = 0x2020202020202020L;

    private Swar() {}

    /** The index of the first quote or backslash, or {@code end}. */
    public static int quoteOrBackslash(byte[] bytes, int from, int end) {
        int i = from;
        // A plain counted loop: the compiler unrolls it and checks its bounds once. Unrolled by hand it is no faster
        // through long text, and much slower through text of many escapes.
        for (; i <= end - 8; i += 8) {
            long hits = quoteOrBackslash(word(bytes, i));
            if (hits != 0) {
                return i + first(hits);
            }
        }
        while (i < end && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /** The index of the first quote, bracket or brace, or {@code end}. */
    public static int quoteOrBracket(byte[] bytes, int from, int end) {
        int i = from;
        for (; i <= end - 8; i += 8) {
            long word = word(bytes, i);
            // Setting one bit turns a bracket into the brace of the same side.
            long braces = word | CASE;
            long hits = ((word ^ '"' * ONES) - ONES | (braces ^ '{' * ONES) - ONES | (braces ^ '}' * ONES) - ONES)
                    & ~word
                    & HIGHS;
            if (hits != 0) {
                return i + first(hits);
            }
        }
        while (i < end && bytes[i] != '"' && (bytes[i] | 0x20) != '{' && (bytes[i] | 0x20) != '}') {
            i++;
        }
        return i;
    }

    /** The index of the first carriage return or line feed, or {@code end}. */
    public static int lineEnd(byte[] bytes, int from, int end) {
        int i = from;
        for (; i <= end - 8; i += 8) {
            long word = word(bytes, i);
            long hits = ((word ^ '\n' * ONES) - ONES | (word ^ '\r' * ONES) - ONES) & ~word & HIGHS;
            if (hits != 0) {
                return i + first(hits);
            }
        }
        while (i < end && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    /** Eight bytes, the first of them lowest. */
    public static long word(byte[] bytes, int i) {
        return (long) LONGS.get(bytes, i);
    }

    /** Finds each quote and each backslash. */
    public static long quoteOrBackslash(long word) {
        // No byte below the first hit borrows, so that one is exact; a byte beyond ASCII is no hit.
        return ((word ^ '"' * ONES) - ONES | (word ^ '\\' * ONES) - ONES) & ~word & HIGHS;
    }

    /**
     * Finds each line feed, each carriage return, and each {@code e} or {@code r} that a quote follows; perhaps other bytes
     * too, but it misses none of these.
     *
     * @param next the word that begins one byte later
     */
    public static long lineOrNameEnds(long word, long next) {
        long lineEnds = (word ^ '\n' * ONES) - ONES | (word ^ '\r' * ONES) - ONES;
        long letters = (word ^ 'e' * ONES) - ONES | (word ^ 'r' * ONES) - ONES;
        return (lineEnds | letters & (next ^ '"' * ONES) - ONES) & ~word & HIGHS;
    }

    /**
     * Finds each quote that a colon follows; perhaps other bytes too, but it misses none of these.
     *
     * @param next the word that begins one byte later
     */
    public static long nameEnds(long word, long next) {
        return (word ^ '"' * ONES) - ONES & (next ^ ':' * ONES) - ONES & ~word & HIGHS;
    }

    /** Finds each byte below 0x20, and 0x7f. */
    public static long controls(long word) {
        long below = word - ONES * ' ' & ~word;
        long delete = word ^ ONES * 0x7f;
        return (below | delete - ONES & ~delete) & HIGHS;
    }

    /**
     * Finds each byte at which the plain text of a JSON string stops: a quote, a backslash, a control character, or a byte
     * beyond ASCII.
     */
    public static long plainTextEnds(long word) {
        // A byte beyond ASCII keeps its high bit in one of the differences: the second loses it for 0xDC alone, which
        // the first does not.
        long controlOrQuote = (word ^ 0x02 * ONES) - 0x21 * ONES;
        long backslash = (word ^ '\\' * ONES) - ONES;
        return (controlOrQuote | backslash) & HIGHS;
    }

    /** Index in its word of the byte that has the lowest bit. */
    public static int first(long hits) {
        return Long.numberOfTrailingZeros(hits) >>> 3;
    }
}
