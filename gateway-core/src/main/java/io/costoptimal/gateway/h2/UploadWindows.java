package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.BodyMemory;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * How much clients may send ahead on one connection: little to begin with, and more for a body that is long, so that it comes
 * up at the speed of the line and not of its round trips. What a window grows by is taken from the memory of held bodies, and
 * given back with the stream; where that memory is used up, windows stay as they are. Confined to the connection's event loop.
 */
final class UploadWindows {

    /** What one body may send ahead at most. */
    static final int MOST = 1024 * 1024;

    /** What all windows of a connection may grow by. */
    static final int CONNECTION_MOST = 4 * 1024 * 1024;

    private final Http2LocalFlowController flow;
    private final Http2Stream connection;
    private final BodyMemory memory;
    private int grown;

    /** @param connection the stream that stands for all of them */
    UploadWindows(Http2LocalFlowController flow, Http2Stream connection, BodyMemory memory) {
        this.flow = flow;
        this.connection = connection;
        this.memory = memory;
    }

    /**
     * Lets the client send more ahead on {@code stream}, and as much more on its connection.
     *
     * @param length of the body, as far as it is known
     * @return bytes that were taken for it, for {@link #giveBack}
     */
    int grow(Http2Stream stream, long length) {
        int more = (int) Math.min(length, MOST) - Http2Setup.STREAM_WINDOW;
        if (more <= 0 || grown + more > CONNECTION_MOST || !memory.take(more, true)) {
            return 0;
        }
        grown += more;
        try {
            flow.incrementWindowSize(connection, more);
            flow.incrementWindowSize(stream, more);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return more;
    }

    /** Gives back what {@link #grow} took for a stream that is closed. */
    void giveBack(int taken) {
        if (taken == 0) {
            return;
        }
        grown -= taken;
        memory.giveBack(taken, true);
        try {
            flow.incrementWindowSize(connection, -taken);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
