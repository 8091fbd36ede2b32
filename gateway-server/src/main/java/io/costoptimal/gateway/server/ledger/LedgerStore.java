package io.costoptimal.gateway.server.ledger;

import java.time.Duration;
import java.util.List;

/**
 * Where rows are kept. Only the ledger's writer thread calls its methods, but for {@link #queries}, which any thread may.
 * Nothing is opened before the first of them needs it, so that a store which is not there yet is no reason not to start.
 */
public interface LedgerStore extends AutoCloseable {

    /**
     * Writes all of {@code rows} and {@code gaps} with the roll-ups of the rows. What the
     * store holds already, by its key, is left as it is and counts as written. A row whose month or day is gone cannot be
     * written.
     *
     * @throws LedgerException {@link LedgerException.Kind#ROWS} when a part of the rows may be written where all cannot be;
     *     where a batch is of several months or days, some of them may be written then
     */
    void write(List<Row> rows, List<Gap> gaps) throws LedgerException;

    /**
     * Drops what is old, whole months or days at a time. Their roll-ups stay.
     *
     * @param before in milliseconds since 1970: goes when its newest row is older
     */
    void expire(long before) throws LedgerException;

    /** There is nothing to write just now, so that the store may do what it has put off. */
    default void idle() throws LedgerException {}

    /**
     * Reads what was written. May be asked, and used, by any thread, at any time.
     *
     * @param limit how long each call may take; {@code null} for no limit
     */
    LedgerQueries queries(Duration limit);

    /** Lets go of everything. What was written stays. */
    @Override
    void close();
}
