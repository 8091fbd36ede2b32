package io.costoptimal.gateway.server.ledger;

import java.util.Locale;

/** Why an attempt has no row. */
public enum Drop {
    /** The lane of its event loop was full: the journal's readers were held up. */
    LANE_FULL,
    /** It could not be told to the ledger, or the ledger could not make a row of it: a defect of ours. */
    DEFECT,
    /** Its request had more attempts than the journal tells of one request. */
    UNTOLD,
    /** The queue before the store was full: the store is slow, or does not take rows. */
    QUEUE_FULL,
    /** The store refused this very row, or its month is gone already. It is kept aside. */
    REJECTED,
    /** The process ended before the store had taken it. */
    STOPPED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The one that rows call so; {@link #DEFECT} for a word that this version does not have. */
    static Drop named(String word) {
        for (Drop drop : values()) {
            if (drop.word.equals(word)) {
                return drop;
            }
        }
        return DEFECT;
    }

    /** As gaps and metrics have it. */
    public String word() {
        return word;
    }
}
