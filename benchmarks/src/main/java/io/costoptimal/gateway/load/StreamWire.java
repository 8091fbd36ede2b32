package io.costoptimal.gateway.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.function.Supplier;

/** How the streams of a {@link StreamClient} travel. */
interface StreamWire {

    /** A connection for each, HTTP/1.1 without TLS. */
    StreamWire PLAIN = new StreamWire() {

        @Override
        public int perConnection() {
            return 1;
        }

        @Override
        public void prepare(Channel connection, Supplier<ChannelHandler> streams) {
            connection.pipeline().addLast(streams.get());
        }
    };

    /** Streams on one connection. */
    int perConnection();

    /**
     * Prepares a new connection. On its event loop.
     *
     * @param streams makes the handler of one stream: it writes a whole HTTP/1.1 request, and reads bytes
     */
    void prepare(Channel connection, Supplier<ChannelHandler> streams);
}
