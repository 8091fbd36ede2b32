package io.costoptimal.gateway.load;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.Row;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Rows over twelve months, in the order in which they began, written as the ledger's writer does. Confined to one thread. */
final class LedgerFill {

    static final int MONTHS = 12;

    /** As many as the ledger's writer has in a transaction at most. */
    private static final int BATCH = 5_000;

    private final LedgerStore store;
    private final ManyRows rows = new ManyRows();
    private final RollUp written = new RollUp();
    private String lastRequest;

    /** @param store borrowed */
    LedgerFill(LedgerStore store) {
        this.store = store;
    }

    /** The month that is {@code month} after the first of those that end with the present one. */
    static YearMonth month(Instant now, int month) {
        return YearMonth.from(now.atOffset(ZoneOffset.UTC)).minusMonths(MONTHS - 1L - month);
    }

    static long startOf(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    /**
     * Spreads {@code count} rows evenly from {@code from} to before {@code to}.
     *
     * @return what the store took for each batch, in nanoseconds
     */
    List<Long> write(long from, long to, int count) throws LedgerException {
        List<Long> times = new ArrayList<>();
        List<Row> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < count; i++) {
            Row row = rows.next(from + (long) ((double) i / count * (to - from)));
            written.add(row);
            batch.add(row);
            if (batch.size() == BATCH || i == count - 1) {
                long before = System.nanoTime();
                store.write(batch, List.of());
                times.add(System.nanoTime() - before);
                lastRequest = row.text(Column.REQUEST_ID);
                batch = new ArrayList<>(BATCH);
            }
        }
        long before = System.nanoTime();
        store.idle();
        times.add(System.nanoTime() - before);
        return times;
    }

    /** What all rows so far add up to. */
    RollUp written() {
        return written;
    }

    /** The id of the newest request; {@code null} without any. */
    String lastRequest() {
        return lastRequest;
    }
}
