package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.http.Swar;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * Names of header fields that this thread has read before: clients send the same dozen with every request, and a name that
 * is an object already need not become one again. Confined to its thread.
 *
 * <p>Bounded and forgetful: a name has two places, and takes that of another. A client that sends ever new names costs
 * itself and others what everybody would pay without this, and nothing else.
 */
final class SeenNames {

    private static final int SLOT_BITS = 8;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int LONGEST = 64;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final FastThreadLocal<SeenNames> LOCAL = new FastThreadLocal<>() {
        @Override
        protected SeenNames initialValue() {
            return new SeenNames();
        }
    };

    private final AsciiString[] names = new AsciiString[SLOTS];

    static SeenNames local() {
        return LOCAL.get();
    }

    /** The name that stands in {@code line}, in its own spelling; the array is copied if it is kept. */
    AsciiString get(byte[] line, int start, int length) {
        if (length > LONGEST) {
            return new AsciiString(line, start, length, true);
        }
        int slot = slot(line, start, length);
        if (isAt(slot, line, start, length)) {
            return names[slot];
        }
        int other = slot ^ 1;
        if (isAt(other, line, start, length)) {
            return names[other];
        }
        names[other] = names[slot];
        names[slot] = new AsciiString(line, start, length, true);
        return names[slot];
    }

    /** Most names differ at their end, or in the middle; looking at all of it would cost more than the copy does. */
    private static int slot(byte[] line, int start, int length) {
        if (length < Long.BYTES) {
            int hash = length;
            for (int i = start; i < start + length; i++) {
                hash = 31 * hash + line[i];
            }
            return hash & SLOTS - 1;
        }
        long end = Swar.word(line, start + length - Long.BYTES);
        long middle = Swar.word(line, start + (length - Long.BYTES) / 2);
        return (int) ((end * MIX ^ middle + length) * MIX >>> Long.SIZE - SLOT_BITS);
    }

    private boolean isAt(int slot, byte[] line, int start, int length) {
        AsciiString seen = names[slot];
        return seen != null && Arrays.equals(seen.array(), 0, seen.length(), line, start, start + length);
    }
}
