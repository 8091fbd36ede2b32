package io.costoptimal.gateway.accept;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/**
 * How one client's connection ends: so that the client can read its last answer, or so that nobody takes what came of an
 * answer for all of it. Confined to the connection's event loop. Moves the state of {@link Http1Connection}, and uses its
 * timer.
 */
final class ConnectionEnd {

    private final Http1Connection connection;
    private final ChannelHandlerContext ctx;
    private final RequestDecoder decoder;
    private final ClientOutput output;
    /** Whether TLS has not said yet that nothing will come. */
    private boolean quiet;

    /** @param ctx of {@code connection} */
    ConnectionEnd(Http1Connection connection, ChannelHandlerContext ctx, RequestDecoder decoder, ClientOutput output) {
        this.connection = connection;
        this.ctx = ctx;
        this.decoder = decoder;
        this.output = output;
    }

    /**
     * The client may still be sending; it is to read the answer all the same (trap 37). Of an answer that broke off it gets
     * all there is, and then an end where its framing says that none belongs.
     */
    void gently(boolean whole) {
        boolean sending = connection.state() == ConnectionState.BODY;
        leave(ConnectionState.FLUSHING, () -> {
            connection.moveTo(ConnectionState.LINGERING);
            connection.timer().start(connection.timeouts().linger().toNanos());
            if (whole && sending && output.saysEnd() && connection.delimited()) {
                // The JDK's client forgets an answer whose close_notify comes while it sends. The answer says itself
                // where it ends.
                quiet = true;
            } else {
                output.shutOutput(whole, connection.lingerBytes(), this::reset);
            }
        });
    }

    /** The client had its time to read the last answer. */
    void lingered() {
        if (quiet) {
            close();
        } else {
            // Not by a reset: what is still under way to a client that reads slowly is for the kernel to deliver.
            closeTransport();
        }
    }

    /**
     * Ends the connection so that nobody takes what was relayed for a whole answer (trap 22): an answer that ends with its
     * connection ends by a reset, once what there is of it has arrived.
     */
    void abort() {
        // From here on any close is a reset, also the one that follows a FIN of the client: half an answer must not
        // look whole.
        output.resetOnClose();
        leave(ConnectionState.ABORTING, () -> {
            long now = connection.timer().start(Delivery.LOOK_NANOS);
            output.awaitDelivery(connection.timeouts().writeStall().toNanos(), now);
        });
    }

    private void leave(ConnectionState through, Runnable flushed) {
        connection.moveTo(through);
        decoder.drop();
        output.watch();
        waitForWrites();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (connection.state() == through) {
                flushed.run();
            }
        });
    }

    private void waitForWrites() {
        connection.timer().start(connection.timeouts().writeStall().toNanos());
    }

    /** The time is over that the client had to take something of what is queued for it, or on its way. */
    void stalled() {
        if (output.awaitsDelivery()) {
            if (output.delivered(connection.timer().start(Delivery.LOOK_NANOS))) {
                reset();
            }
        } else if (output.progressed()) {
            waitForWrites();
        } else {
            reset();
        }
    }

    /** Closes at once, so that the client sees a reset. */
    void reset() {
        output.resetOnClose();
        closeTransport();
    }

    /** Closes at once, and says nothing over TLS. */
    void closeTransport() {
        closed();
        output.closeTransport(ctx.newPromise());
    }

    /** Closes at once, and says so over TLS: between two answers. */
    void close() {
        closed();
        output.permitCloseNotify();
        ctx.close();
    }

    private void closed() {
        connection.moveTo(ConnectionState.CLOSED);
        connection.timer().cancel();
    }
}
