package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;

/** Makes connections for pools. {@link SocketConnector} is the real one; a test or a benchmark may have its own. */
public interface Connector {

    /**
     * An attribute of a channel: when its TCP connect began, by the clock of its event loop. Set before the last handler is
     * added, which is to happen as soon as TCP has connected; the difference is about a round trip.
     */
    AttributeKey<Long> BEGUN = AttributeKey.valueOf(Connector.class, "BEGUN");

    /**
     * Begins to connect. Called on {@code loop}; {@code listener} hears exactly one answer there, possibly before this
     * returns, and within the connect timeout.
     *
     * @param last to be the last handler of the channel, before its first byte is read; handles plain bytes
     */
    void connect(EventLoop loop, Origin origin, ChannelHandler last, Listener listener);

    /** Nobody asks any more. */
    default void close() {}

    /** Who asked. Called on the event loop it asked on. */
    interface Listener {

        /** Takes {@code channel}: connected, verified, reading. */
        void connected(Channel channel);

        /** There is none, and nothing is left open. */
        void failed(UpstreamFailure failure);
    }
}
