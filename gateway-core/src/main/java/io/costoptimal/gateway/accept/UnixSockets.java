package io.costoptimal.gateway.accept;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.DomainSocketChannel;

/** Tells connections by Unix domain sockets, which have no address and no reset, from those by TCP. Stateless, any thread. */
final class UnixSockets {

    private UnixSockets() {}

    static boolean isOne(Channel channel) {
        return channel instanceof DomainSocketChannel || channel instanceof NioDomainSocketChannel;
    }
}
