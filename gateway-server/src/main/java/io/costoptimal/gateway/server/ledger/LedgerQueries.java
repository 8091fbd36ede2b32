package io.costoptimal.gateway.server.ledger;

import java.util.List;
import java.util.Map;

/**
 * Questions to a ledger. Each call runs on the caller's thread, which it blocks, with a connection of its own: the writer
 * waits for none of them and they do not wait for the writer. Not for event loops.
 */
public interface LedgerQueries {

    /** What the rows of a table can be told apart by, and roll-ups too. */
    enum Dimension {
        KEY(Column.KEY),
        MODEL(Column.MODEL),
        PROVIDER(Column.PROVIDER),
        OUTCOME(Column.OUTCOME);

        private final Column column;

        Dimension(Column column) {
            this.column = column;
        }

        public Column column() {
            return column;
        }

        /** Its name in the API and in tables. */
        public String word() {
            return column.word();
        }
    }

    /** Lengths of time that summaries are made for. All of them in UTC. */
    enum Period {
        HOUR,
        DAY,
        MONTH
    }

    /** Order of rows: by start, then by request and attempt. */
    enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /**
     * Which rows are meant.
     *
     * @param from first start, in milliseconds since 1970
     * @param to where starts end: the first that is not meant any more
     * @param equal what these must be
     */
    record Filter(long from, long to, Map<Dimension, String> equal) {

        public Filter {
            from = Math.max(0, from);
            to = Math.min(Periods.END, to);
            equal = Map.copyOf(equal);
        }
    }

    /** A row's place: the rows of the next page come after it. */
    record Cursor(long startedAt, String requestId, long attempt) {

        /** The place of {@code row}. */
        public static Cursor of(Row row) {
            return new Cursor(row.number(Column.STARTED_AT), row.text(Column.REQUEST_ID), row.number(Column.ATTEMPT));
        }
    }

    /**
     * What a summary has a line for.
     *
     * @param by each value of these
     * @param period each of these; {@code null} for one line over all the time
     */
    record Grouping(List<Dimension> by, Period period) {

        public Grouping {
            by = List.copyOf(by);
        }
    }

    /**
     * A line of a summary.
     *
     * @param of what it is about: a value for each dimension of the grouping
     * @param start of its period, in milliseconds since 1970; -1 when there is no period
     * @param sums what its rows add up to
     */
    record Line(Map<Dimension, String> of, long start, RollUp sums) {}

    /** Takes rows one after the other. */
    interface RowConsumer {

        /** @return whether to go on */
        boolean row(Row row);
    }

    /**
     * A page of rows.
     *
     * @param after the last row of the page before; {@code null} for the first page
     * @param limit rows at most
     */
    List<Row> rows(Filter filter, Cursor after, int limit, Order order) throws LedgerException;

    /** All attempts of one request, in their order; empty when there is none of that id. */
    List<Row> request(String requestId) throws LedgerException;

    /**
     * Adds up, from roll-ups alone. What of the filter's time is only a part of an hour counts as the whole hour.
     *
     * @return by period, then by the values of the dimensions; nothing for groups without rows
     */
    List<Line> summary(Filter filter, Grouping grouping) throws LedgerException;

    /** Attempts that have no row and whose requests started in that time, oldest first. */
    List<Gap> gaps(long from, long to) throws LedgerException;

    /** Hands over all rows, oldest first, without holding them. */
    void forEach(Filter filter, RowConsumer each) throws LedgerException;
}
