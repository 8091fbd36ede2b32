package io.costoptimal.gateway.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters that one thread writes and any thread reads. Adding takes no locked instruction; a reader may be a moment behind.
 */
final class Cells {

    private final AtomicLongArray cells;

    Cells(int size) {
        cells = new AtomicLongArray(size);
    }

    /** Adds {@code n} to one cell; by the owner alone. */
    void add(int cell, long n) {
        cells.setOpaque(cell, cells.getPlain(cell) + n);
    }

    long get(int cell) {
        return cells.getOpaque(cell);
    }
}
