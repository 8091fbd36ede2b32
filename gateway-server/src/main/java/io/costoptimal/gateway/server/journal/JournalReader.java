package io.costoptimal.gateway.server.journal;

/**
 * Is told of every exchange that has ended, some milliseconds later, on the journal's own thread: it may block, though what
 * comes meanwhile is lost once the lanes are full. Whatever it throws is logged and costs this reader that exchange.
 */
public interface JournalReader {

    /**
     * An exchange has ended.
     *
     * @param entry valid during this call only; the next exchange overwrites it
     */
    void exchange(Entry entry);

    /** Whether this reader looks at what clients sent: {@link Entry} has texts if any reader does. Always the same. */
    default boolean wantsTexts() {
        return true;
    }

    /** The exchanges of a batch have been handed over. Called after each batch, and twice a second when there are none. */
    default void batchEnd() {}

    /** An exchange that has ended was dropped: this reader will not see it. Called on the event loop, and must not wait. */
    default void lost() {}
}
