package io.costoptimal.gateway.server.simulator;

/**
 * An answer that is decided but not yet sent.
 *
 * @param status HTTP status
 * @param script what stands around the text
 * @param text what is said
 * @param behaviour how it comes
 * @param client what the asking side can take
 */
record Reply(int status, Script script, Text text, Behaviour behaviour, Client client) {

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
