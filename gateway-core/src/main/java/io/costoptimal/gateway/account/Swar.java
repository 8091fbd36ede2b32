package io.costoptimal.gateway.account;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes eight at a time. Stateless. */
final class Swar {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long CASE = 0x2020202020202020L;

    private Swar() {}

    /** The index of the first quote or backslash, or {@code end}. */
    static int quoteOrBackslash(byte[] bytes, int from, int end) {
        int i = from;
        // Text is long and ends seldom: four words to a branch until one of them ends it.
        while (i + 32 <= end
                && (stringEnds(bytes, i)
                                | stringEnds(bytes, i + 8)
                                | stringEnds(bytes, i + 16)
                                | stringEnds(bytes, i + 24))
                        == 0) {
            i += 32;
        }
        for (; i + 8 <= end; i += 8) {
            long hits = stringEnds(bytes, i);
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
    static int quoteOrBracket(byte[] bytes, int from, int end) {
        int i = from;
        for (; i + 8 <= end; i += 8) {
            long word = (long) LONGS.get(bytes, i);
            // Setting one bit turns a bracket into the brace of the same side.
            long braces = word | CASE;
            long hits = zeros(word ^ '"' * ONES) | zeros(braces ^ '{' * ONES) | zeros(braces ^ '}' * ONES);
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
    static int lineEnd(byte[] bytes, int from, int end) {
        int i = from;
        for (; i + 8 <= end; i += 8) {
            long word = (long) LONGS.get(bytes, i);
            long hits = zeros(word ^ '\n' * ONES) | zeros(word ^ '\r' * ONES);
            if (hits != 0) {
                return i + first(hits);
            }
        }
        while (i < end && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    private static long stringEnds(byte[] bytes, int i) {
        long word = (long) LONGS.get(bytes, i);
        return zeros(word ^ '"' * ONES) | zeros(word ^ '\\' * ONES);
    }

    /** Sets the high bit of every zero byte; bits above the lowest one set may be wrong. */
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    private static int first(long hits) {
        return Long.numberOfTrailingZeros(hits) >>> 3;
    }
}
