package io.costoptimal.gateway.server.accesslog;

import java.nio.ByteBuffer;

/**
 * Where the lines of the access log go. Called on the journal's reading thread alone, which may wait here for a disk or a
 * pipe: event loops do not wait for it.
 *
 * <p>Never throws. Lines that cannot be written are counted as {@link LogChannel.Loss#UNWRITABLE} by whoever implements this.
 */
public interface LineSink extends AutoCloseable {

    /**
     * Writes lines.
     *
     * @param bytes whole lines, each with its line end; borrowed, and read to its limit when this returns
     * @param lines how many, at least one
     */
    void lines(ByteBuffer bytes, int lines);

    /** A batch is over: everything written so far is handed to the system. */
    void flush();

    /** Flushes, and lets go of the output. */
    @Override
    void close();
}
