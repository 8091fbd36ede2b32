package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.ExchangeReport;

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

    /** Whether this reader wants counted what providers do not tell of tokens. Always the same. */
    default boolean wantsUsageCounted() {
        return false;
    }

    /** The exchanges of a batch have been handed over. Called after each batch, and twice a second when there are none. */
    default void batchEnd() {}

    /**
     * Whether this reader looks at what attempts have cost, which is then worked out at the end of each exchange, on its event
     * loop: {@link Entry} has money if any reader does. Always the same.
     */
    default boolean wantsMoney() {
        return false;
    }

    /**
     * An exchange that has ended was dropped: this reader will not see it. Called on its event loop, and must not wait.
     *
     * @param exchange valid during this call only
     */
    default void lost(ExchangeReport exchange, Journal.Loss why) {}
}
