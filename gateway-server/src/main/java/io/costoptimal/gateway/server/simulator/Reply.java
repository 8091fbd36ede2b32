package io.costoptimal.gateway.server.simulator;

/**
 * An answer that is decided but not yet sent.
 *
 * @param status HTTP status
 * @param script what stands around the text
 * @param words what is said, and what that costs
 * @param behaviour how it comes
 * @param client what the asking side can take
 */
record Reply(int status, Script script, Words words, Behaviour behaviour, Client client) {

    /**
     * What is said.
     *
     * @param text may be empty
     * @param bill {@code null} for an error
     */
    record Words(Text text, Bill bill) {}

    /** An answer without text. */
    Reply(int status, Script script, Behaviour behaviour, Client client) {
        this(status, script, new Words(Text.NONE, null), behaviour, client);
    }

    Text text() {
        return words.text();
    }

    Bill bill() {
        return words.bill();
    }

    /**
     * What the asking side can take.
     *
     * @param http11 false when it cannot read chunks
     * @param keepAlive whether its connection stays open
     * @param anthropic whether it speaks Anthropic's API
     * @param coding the content coding its answer comes in; {@code null} for none
     */
    record Client(boolean http11, boolean keepAlive, boolean anthropic, Packer.Coding coding) {}
}
