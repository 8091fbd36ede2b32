package io.costoptimal.gateway.server.journal;

/**
 * What an entry has to hold beside what every reader may look at.
 *
 * @param texts what clients and providers sent
 * @param money what each attempt has used and cost
 */
record Wanted(boolean texts, boolean money) {

    /** Everything that any of {@code readers} wants. */
    static Wanted by(Iterable<JournalReader> readers) {
        boolean texts = false;
        boolean money = false;
        for (JournalReader reader : readers) {
            texts |= reader.wantsTexts();
            money |= reader.wantsMoney();
        }
        return new Wanted(texts, money);
    }
}
