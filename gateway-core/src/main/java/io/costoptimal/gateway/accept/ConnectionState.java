package io.costoptimal.gateway.accept;

/** What a client's connection is doing. */
enum ConnectionState {
    /** No byte of a request; a new connection, or between two exchanges. */
    IDLE,
    /** A part of a head was received. */
    HEAD,
    /** An exchange runs, its body has not ended. */
    BODY,
    /** An exchange runs, its body has ended; bytes of the next request wait in the decoder. */
    SERVING,
    /** The exchange was refused early; the little that is left of its body is dropped, then the next may come. */
    SKIPPING,
    /** Between two exchanges; the client has to take some of its answers before its next request is looked at. */
    BLOCKED,
    /** The last answer is being flushed; all input is dropped from here on. */
    FLUSHING,
    /** Our side is shut; waiting until the client has read the answer and closes (RFC 9112 section 9.6). */
    LINGERING,
    /** What was relayed is being flushed; then the connection is reset. */
    ABORTING,
    /** Closed, by us or by the client; terminal. */
    CLOSED;

    /** Whether a connection in this state may move to {@code to}. */
    boolean mayMoveTo(ConnectionState to) {
        if (to == CLOSED) {
            return this != CLOSED;
        }
        return switch (this) {
            case IDLE -> to == HEAD || to == BODY || to == FLUSHING;
            case HEAD -> to == BODY;
            case BODY -> to == SERVING || to == SKIPPING || to == FLUSHING || to == ABORTING;
            case SERVING -> to == IDLE || to == BLOCKED || to == FLUSHING || to == ABORTING;
            case SKIPPING -> to == IDLE || to == BLOCKED || to == FLUSHING;
            case BLOCKED -> to == IDLE || to == FLUSHING;
            case FLUSHING -> to == LINGERING;
            case LINGERING, ABORTING, CLOSED -> false;
        };
    }
}
