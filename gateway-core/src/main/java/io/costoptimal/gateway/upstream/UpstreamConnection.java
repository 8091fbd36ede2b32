package io.costoptimal.gateway.upstream;

import io.netty.buffer.ByteBuf;

/**
 * A leased connection to one provider. Confined to its event loop; the lessee owns it from
 * {@link Lessee#leased} to {@link #release}.
 *
 * <p>The one misuse: writing after release. The pool may have lent the connection to somebody else by then.
 */
public interface UpstreamConnection {

    /** Whether an earlier exchange used this connection, so that it may have died unnoticed. */
    boolean reused();

    /** How long the TCP connect of this connection took, in nanoseconds: about a round trip. 0 when that is not known. */
    long connectNanos();

    /** Sets who hears what is received from now on. */
    void reader(UpstreamReader reader);

    /** Takes {@code bytes} and queues them; sent by {@link #flush}. A failed write is told by {@link UpstreamReader#closed}. */
    void write(ByteBuf bytes);

    /** Sends what is queued. */
    void flush();

    /**
     * Whether a byte of what was written may have left this process. False after {@link #flush} only when that found the
     * connection broken. Tells the last state once the connection is gone.
     */
    boolean begun();

    /** Whether all that was written has left this process. False once the connection is gone. */
    boolean written();

    /**
     * Whether all that was written is known to have left this process, so that the provider may work on it. Tells the last
     * state once the connection is gone.
     */
    boolean sent();

    /**
     * Whether what was written has left this process so far that more may be written; changes are told by
     * {@link UpstreamReader#writabilityChanged}. False once the connection is gone.
     */
    boolean writable();

    /** Stops or resumes reading; resumed at release whatever was said here. */
    void reading(boolean on);

    /**
     * Gives the connection back; does nothing the second time.
     *
     * @param reusable whether request and response were both complete and nothing forbids another exchange; otherwise it
     *     is closed
     */
    void release(boolean reusable);
}
