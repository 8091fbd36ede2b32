package io.costoptimal.gateway;

import io.costoptimal.gateway.accept.AcceptPause;
import io.costoptimal.gateway.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The sockets on which one gateway listens. Not for two threads at a time; opening and closing wait. */
final class ListeningSockets {

    private static final int BACKLOG = 4096;

    private final Transport transport;
    private final EventLoopGroup loops;
    private final List<Open> open = new ArrayList<>();

    /** @param file {@code null} for a port */
    private record Open(Channel channel, SocketAddress address, SocketFile file) {}

    /** @param loops accept, and serve what they accept; of {@code transport} */
    ListeningSockets(Transport transport, EventLoopGroup loops) {
        this.transport = transport;
        this.loops = loops;
    }

    /**
     * Listens at one more place.
     *
     * @param clients what each accepted connection gets
     * @throws IOException naming the address; what was opened before stays open
     */
    void open(Listener listener, ChannelHandler clients) throws IOException {
        try {
            open.add(listener.endpoint().isUnix() ? unix(listener, clients) : port(listener, clients));
        } catch (Exception e) {
            throw new IOException("listen " + Listener.text(listener.address()) + ": " + e.getMessage(), e);
        }
    }

    private Open port(Listener listener, ChannelHandler clients) {
        Channel channel = bootstrap(clients)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .bind(listener.address())
                .syncUninterruptibly()
                .channel();
        return new Open(channel, channel.localAddress(), null);
    }

    private Open unix(Listener listener, ChannelHandler clients) throws IOException {
        Listener.Endpoint endpoint = listener.endpoint();
        SocketFile file = new SocketFile(((UnixDomainSocketAddress) endpoint.address()).getPath(), endpoint.mode());
        file.removeStale();
        Path hidden = file.hidden();
        Channel channel = bootstrap(clients)
                .channel(transport.serverUnixChannel())
                .bind(transport.unixAddress(hidden))
                .syncUninterruptibly()
                .channel();
        try {
            file.publish(hidden);
        } catch (IOException e) {
            channel.close().awaitUninterruptibly();
            throw e;
        }
        return new Open(channel, endpoint.address(), file);
    }

    private ServerBootstrap bootstrap(ChannelHandler clients) {
        return new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptPause())
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, Transport.readBuffers())
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childHandler(clients);
    }

    /** Where it is listened, in the order of opening; the system's choice in the place of port 0. */
    List<SocketAddress> addresses() {
        return open.stream().map(Open::address).toList();
    }

    /** Stops listening. Returns at once; {@link #awaitClosed} waits. */
    void close() {
        for (Open socket : open) {
            if (socket.file != null) {
                socket.file.remove();
            }
            socket.channel.close();
        }
    }

    /** Waits until nothing listens any more. */
    void awaitClosed() {
        open.forEach(socket -> socket.channel.closeFuture().awaitUninterruptibly());
    }
}
