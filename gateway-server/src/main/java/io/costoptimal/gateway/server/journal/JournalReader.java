package io.costoptimal.gateway.server.journal;

/**
 * Is told of every exchange that has ended, some milliseconds later, on the journal's own thread: it may block, though what
 * comes meanwhile is lost once the lanes are full. An exception is logged and costs this reader that exchange.
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

    /** What has gathered since the last call was read; at least once after each exchange, and before the thread sleeps. */
    default void batchEnd() {}

    /** Nothing will be told of an exchange that has ended. Called on its event loop, at once: must not wait. */
    default void lost() {}
}
