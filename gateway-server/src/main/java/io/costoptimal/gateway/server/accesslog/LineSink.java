package io.costoptimal.gateway.server.accesslog;

import java.nio.ByteBuffer;

/** Where the lines of a log go. Whoever calls may wait here for a disk or a pipe, so no event loop may. */
public interface LineSink {

    /**
     * Writes lines at once; nothing is kept back. Never throws: lines that cannot be written are counted as
     * {@link LogChannel.Loss#UNWRITABLE}.
     *
     * @param bytes whole lines, each with its line end; borrowed, its position is undefined when this returns
     * @param lines how many, at least one
     */
    void lines(ByteBuffer bytes, int lines);

    /** Is called at least twice a second while no lines come, for what is due without one. Never throws. */
    default void idle() {}
}
