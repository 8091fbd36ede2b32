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
    private PooledConnection connection;
    private UpstreamReader reader;

    Lease(PooledConnection connection, boolean reused) {
        this.connection = connection;
        this.reused = reused;
    }

    @Override
    public boolean reused() {
        return reused;
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
        connection.write(bytes);
    }

    @Override
    public void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    @Override
    public boolean written() {
        return connection != null && connection.written();
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
        connection = null;
    }
}
