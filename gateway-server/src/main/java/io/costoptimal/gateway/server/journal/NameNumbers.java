package io.costoptimal.gateway.server.journal;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives the names that entries of one lane repeat a number each. Confined to one event loop.
 *
 * <p>A name is spelled out by the entry that has it first, so nothing else need know the numbers, and a configuration that
 * was replaced while exchanges still run under it needs no table of its own. When there are many, because configurations have
 * come and gone, the lane starts over.
 */
final class NameNumbers {

    /** Names after which the lane starts over. */
    static final int MANY = 2048;

    /** Characters of a name. */
    static final int MAX_CHARS = 1024;

    private static final int NO_NAME = -1;

    private final Map<String, Integer> numbers = new HashMap<>();
    private boolean started;

    /** Has the next entry forget all numbers. */
    void startOver() {
        started = false;
    }

    /** To be asked at the start of each entry; whether all numbers are forgotten, which the reader must be told. */
    boolean startsOver() {
        if (started && numbers.size() < MANY) {
            return false;
        }
        numbers.clear();
        started = true;
        return true;
    }

    /** Puts the number of {@code name}, which may be {@code null}, and the name itself if the reader does not know it yet. */
    void put(String name, EntryOutput out) {
        if (name == null) {
            out.putShort(NO_NAME);
            return;
        }
        Integer known = numbers.get(name);
        if (known != null) {
            out.putShort(known);
            return;
        }
        int number = numbers.size();
        numbers.put(name, number);
        out.putShort(number);
        out.putText(name, MAX_CHARS);
    }
}
