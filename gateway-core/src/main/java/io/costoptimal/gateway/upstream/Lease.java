package io.costoptimal.gateway.upstream;

import io.netty.buffer.ByteBuf;

/**
 * One exchange's hold on a pooled connection. Confined to the connection's event loop.
 *
 * <p>It lets go of the connection at release and at close, so that whatever a former lessee still does reaches nobody
 * (traps 13 and 14).
 */
final class Lease implements UpstreamConnection {

    private final boolean reused;
    private final long connectNanos;
    private PooledConnection connection;
    private UpstreamReader reader;
    private int writes;
    private boolean begun;
    private boolean sent;

    Lease(PooledConnection connection, boolean reused) {
        this.connection = connection;
        this.reused = reused;
        this.connectNanos = connection.connectNanos();
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public long connectNanos() {
        return connectNanos;
    }

    @Override
    public void reader(UpstreamReader reader) {
        this.reader = reader;
    }

    /** Who listens; {@code null} until told. */
    UpstreamReader reader() {
        return reader;
    }

    @Override
    public void write(ByteBuf bytes) {
        if (connection == null) {
            bytes.release();
            return;
        }
        writes++;
        connection.write(bytes);
    }

    /** One buffer is a head and a short body, which the kernel of a sound connection takes as a whole or not at all. */
    @Override
    public void flush() {
        if (connection != null) {
            boolean sound = connection.flush();
            begun |= sound || writes > 1;
            sent = connection.written();
        }
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean written() {
        return connection != null && connection.written();
    }

    @Override
    public boolean sent() {
        return sent || written();
    }

    @Override
    public boolean writable() {
        return connection != null && connection.writable();
    }

    @Override
    public void reading(boolean on) {
        if (connection != null) {
            connection.reading(on);
        }
    }

    @Override
    public void release(boolean reusable) {
        PooledConnection released = connection;
        if (released != null) {
            connection = null;
            released.release(reusable);
        }
    }

    /** The connection is gone, whoever closed it. */
    void detach() {
        sent = sent();
        connection = null;
    }
}
