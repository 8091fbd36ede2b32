package io.costoptimal.gateway.server.ledger;

import java.util.Arrays;
import java.util.Objects;

/**
 * What the ledger keeps of one attempt. Filled by one thread, then handed on and only read.
 *
 * <p>A column that has no value is absent, which is SQL's NULL.
 */
public final class Row {

    /** What {@link Column#MODEL} says of a model that no entry of the configuration has. */
    public static final String OTHER = "other";

    /** What {@link #number} returns for an absent one. No fact is that low. */
    public static final long ABSENT = Long.MIN_VALUE;

    /** What an empty row takes of memory: the object, its two arrays and a reference to it, as HotSpot lays them out. */
    private static final int EMPTY_BYTES = 24 + 16 + 8 * Column.ALL.size() + 16 + 4 * Column.ALL.size() + 4;

    /** Head of a text and of its array. */
    private static final int TEXT_BYTES = 24 + 16;

    private final long[] numbers = new long[Column.ALL.size()];
    private final String[] texts = new String[Column.ALL.size()];
    private int bytes = EMPTY_BYTES;

    public Row() {
        Arrays.fill(numbers, ABSENT);
    }

    /** Sets a number or a flag; {@link #ABSENT} for none. */
    public Row set(Column column, long value) {
        numbers[column.ordinal()] = value;
        return this;
    }

    /** Sets a flag. */
    public Row set(Column column, boolean value) {
        return set(column, value ? 1 : 0);
    }

    /** Sets a text that many rows share, such as a name of the configuration; {@code null} for none. */
    public Row share(Column column, String value) {
        texts[column.ordinal()] = value;
        return this;
    }

    /** Sets a text of this row's own; {@code null} for none. */
    public Row set(Column column, String value) {
        if (value != null) {
            bytes += TEXT_BYTES + value.length();
        }
        return share(column, value);
    }

    /** A number, or a flag as 0 or 1; {@link #ABSENT} when there is none. */
    public long number(Column column) {
        return numbers[column.ordinal()];
    }

    /** A number, or {@code otherwise} when there is none. */
    public long number(Column column, long otherwise) {
        long value = number(column);
        return value == ABSENT ? otherwise : value;
    }

    /** A text; {@code null} when there is none. */
    public String text(Column column) {
        return texts[column.ordinal()];
    }

    /** Whether the column has a value. */
    public boolean has(Column column) {
        return column.kind() == Column.Kind.TEXT ? text(column) != null : number(column) != ABSENT;
    }

    /** About how much memory it takes. */
    int bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Row row && Arrays.equals(numbers, row.numbers) && Arrays.equals(texts, row.texts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(number(Column.STARTED_AT), text(Column.REQUEST_ID), number(Column.ATTEMPT));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Row[");
        for (Column column : Column.ALL) {
            if (has(column)) {
                text.append(text.length() > 4 ? " " : "").append(column.word()).append('=');
                text.append(column.kind() == Column.Kind.TEXT ? text(column) : String.valueOf(number(column)));
            }
        }
        return text.append(']').toString();
    }
}
