package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.ByteBudget;

/**
 * Whether attempts are accounted whose providers tell no usage, and the memory that this may take. One for all connections,
 * any thread.
 *
 * @param texts for text of answers that pass; {@code null} when nothing is accounted
 * @param bodies for request bodies that are kept while their answers pass
 */
public record Accounting(ByteBudget texts, ByteBudget bodies) {

    /** Only what providers tell is noted. */
    public static final Accounting OFF = new Accounting(null, null);

    /** Text of one answer that is kept, in bytes; what is longer is counted up to there. */
    static final int MAX_TEXT = 64 * 1024;

    private static final long MOST_TEXT = 64 * 1024 * 1024;

    /** Accounting within a sixteenth of the heap for texts, and {@code bodyBytes} for bodies. */
    public static Accounting within(long bodyBytes) {
        long texts = Math.min(MOST_TEXT, Runtime.getRuntime().maxMemory() / 16);
        return new Accounting(new ByteBudget(texts), new ByteBudget(bodyBytes));
    }

    /** Whether anything is accounted. */
    public boolean on() {
        return texts != null;
    }
}
