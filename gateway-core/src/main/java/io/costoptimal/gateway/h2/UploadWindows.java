package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.BodyMemory;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * How much a client may send ahead on one connection: next to nothing until a request on it was authorised, little from then
 * on, and more for bodies that are long, so that they come up at the speed of the line and not of its round trips. What
 * windows grow by is taken from the memory for bodies; where that is used up, they stay as they are. Confined to the
 * connection's event loop.
 */
final class UploadWindows {

    /** The least that a window grows by. */
    static final int LEAST = 16 * 1024;

    /** What all windows of a connection may grow by. */
    static final int CONNECTION_MOST = 4 * 1024 * 1024;

    private final Http2LocalFlowController flow;
    private final Http2Stream connection;
    private final Memory memory;
    private boolean authorised;
    private int grown;

    /**
     * What bodies are counted against.
     *
     * @param bodies of clients that are authorised
     * @param unread of the others, with heads that have not come whole
     */
    record Memory(BodyMemory bodies, ByteBudget unread) {}

    /** Counts what it is asked for against {@link Memory#unread}. */
    private final BodyMemory unread = new BodyMemory() {
        @Override
        public boolean take(int bytes, boolean large) {
            return memory.unread.take(bytes);
        }

        @Override
        public void giveBack(int bytes, boolean large) {
            memory.unread.giveBack(bytes);
        }
    };

    /** @param connection the stream that stands for all of them */
    UploadWindows(Http2LocalFlowController flow, Http2Stream connection, Memory memory) {
        this.flow = flow;
        this.connection = connection;
        this.memory = memory;
    }

    /** Where memory comes from for bytes that have come, from somebody who is {@code authorised} or not. */
    BodyMemory memory(boolean authorised) {
        return authorised ? memory.bodies : unread;
    }

    /**
     * A request on this connection was authorised. Clients that have not got so far have one window of RFC 9113, 6.9.2 for
     * all their streams together, which is what an unread connection by HTTP/1 may hold.
     *
     * @return whether it is the first
     */
    boolean authorise() {
        if (authorised) {
            return false;
        }
        authorised = true;
        increment(connection, Http2Setup.CONNECTION_WINDOW - flow.initialWindowSize(connection));
        return true;
    }

    /**
     * Lets the client send more ahead on {@code stream}, and as much more on its connection.
     *
     * @param wanted in bytes
     * @return how many of them it is, for {@link #giveBack}; perhaps none
     */
    int grow(Http2Stream stream, int wanted) {
        int more = Math.min(wanted, CONNECTION_MOST - grown);
        while (more >= LEAST && !memory.bodies.take(more, true)) {
            more /= 2;
        }
        if (more < LEAST) {
            return 0;
        }
        grown += more;
        increment(connection, more);
        increment(stream, more);
        return more;
    }

    /** Gives back what {@link #grow} gave. What the client may send already, it may send. */
    void giveBack(int bytes) {
        grown -= bytes;
        memory.bodies.giveBack(bytes, true);
        increment(connection, -bytes);
    }

    private void increment(Http2Stream stream, int by) {
        try {
            flow.incrementWindowSize(stream, by);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
