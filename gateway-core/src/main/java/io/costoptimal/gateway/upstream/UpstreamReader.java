package io.costoptimal.gateway.upstream;

import io.netty.buffer.ByteBuf;

/** Hears what a leased connection receives. Called on its event loop, never after release or close. */
public interface UpstreamReader {

    /** Takes {@code bytes}, plain even on a TLS connection. */
    void read(ByteBuf bytes);

    /** No more bytes for now: the moment to flush what was passed on. */
    void readComplete();

    /** The connection is writable again, or no longer. */
    void writabilityChanged(boolean writable);

    /**
     * The connection is gone, and is closed already.
     *
     * @param cause {@code null} for an orderly end (FIN, or TLS close_notify); else why: reset, TLS truncation, a failed write
     */
    void closed(Throwable cause);
}
