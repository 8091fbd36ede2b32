package io.costoptimal.gateway.server.ledger;

/** Sums of rows, and how long they took. Confined to one thread. */
public final class RollUp {

    private final long[] sums = new long[Sum.ALL.size()];
    private final Histogram firstByte = new Histogram();
    private final Histogram total = new Histogram();

    /** Adds one row. */
    public void add(Row row) {
        for (Sum sum : Sum.ALL) {
            sums[sum.ordinal()] += sum.of(row);
        }
        if (row.has(Column.FIRST_BYTE_MS)) {
            firstByte.add(row.number(Column.FIRST_BYTE_MS));
        }
        if (row.has(Column.TOTAL_MS)) {
            total.add(row.number(Column.TOTAL_MS));
        }
    }

    /** Adds everything of {@code other}. */
    public void add(RollUp other) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.sums[i];
        }
        firstByte.add(other.firstByte);
        total.add(other.total);
    }

    /** Adds to one sum. */
    public void add(Sum sum, long value) {
        sums[sum.ordinal()] += value;
    }

    public long sum(Sum sum) {
        return sums[sum.ordinal()];
    }

    /** Times to the head of the answer, of the attempts that have one. */
    public Histogram firstByte() {
        return firstByte;
    }

    /** Times to the end of the attempt. */
    public Histogram total() {
        return total;
    }

    /** What was saved against the first candidate of the configuration; negative when that would have been cheaper. */
    public long savedAgainstFirstChoice() {
        return sum(Sum.FIRST_CHOICE_NANO_USD) - sum(Sum.FIRST_CHOICE_COST_NANO_USD);
    }

    /** What was saved against the dearest candidate. */
    public long savedAgainstDearest() {
        return sum(Sum.DEAREST_NANO_USD) - sum(Sum.DEAREST_COST_NANO_USD);
    }
}
