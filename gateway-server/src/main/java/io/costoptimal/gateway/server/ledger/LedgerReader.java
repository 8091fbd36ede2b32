package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.Journal;
import io.costoptimal.gateway.server.journal.JournalReader;

/**
 * Makes rows of exchanges and puts them into the queue. Runs on the journal's thread, which it never holds up: what finds no
 * room is dropped and counted.
 */
final class LedgerReader implements JournalReader {

    private final RowQueue queue;
    private final Drops drops;

    /** Rows of the present exchange that are in the queue, or counted as dropped. */
    private long accounted;

    LedgerReader(RowQueue queue, Drops drops) {
        this.queue = queue;
        this.drops = drops;
    }

    @Override
    public void exchange(Entry entry) {
        accounted = 0;
        boolean told = false;
        try {
            Rows.of(entry, this::offer);
            told = true;
        } finally {
            drops.add(told ? Drop.UNTOLD : Drop.DEFECT, entry.attempts() - accounted, entry.startedMillis());
        }
    }

    private void offer(Row row) {
        if (!queue.offer(row)) {
            drops.add(Drop.QUEUE_FULL, 1, row.number(Column.STARTED_AT));
        }
        accounted++;
    }

    @Override
    public boolean wantsMoney() {
        return true;
    }

    @Override
    public boolean wantsUsageCounted() {
        return true;
    }

    @Override
    public void batchEnd() {
        queue.wake();
    }

    @Override
    public void lost(ExchangeReport exchange, Journal.Loss why) {
        Drop drop = why == Journal.Loss.FULL ? Drop.LANE_FULL : Drop.DEFECT;
        drops.add(drop, exchange.attempts(), exchange.startedMillis());
    }
}
