package io.costoptimal.gateway.accept;

/** User event, fired through a client's pipeline: how the gateway wants to be rid of its connection. */
public enum Shutdown {
    /**
     * One more answer says {@code connection: close}, and then the connection ends; until then an idle one stays. An answer
     * whose head was written already is not that one: a client that was not told may send its next request at any time. Sent
     * to connections that are made while the gateway is leaving, too; they have one request served. By HTTP/2, GOAWAY says it
     * behind the next answer that ends, and streams that are open then are served too.
     */
    PART,
    /**
     * The running exchange is its last. An idle connection closes at once, a busy one after its answer, whose head says
     * {@code connection: close} unless it was written already. By HTTP/2, GOAWAY says it at once, an idle connection closes
     * when its client has seen that, and a busy one when its last stream has ended.
     */
    DRAIN,
    /** At once: a running exchange is cut off, by a reset, which no client takes for the end of an answer. */
    ABORT
}
