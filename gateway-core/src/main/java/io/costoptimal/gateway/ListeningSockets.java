package io.costoptimal.gateway;

import io.costoptimal.gateway.Listener.OpenSocket;
import io.costoptimal.gateway.accept.AcceptPause;
import io.costoptimal.gateway.accept.SocketFile;
import io.costoptimal.gateway.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The sockets on which one gateway listens. Not for two threads at a time; opening waits. */
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

    private Open port(Listener listener, ChannelHandler clients) throws IOException {
        InetSocketAddress asked = (InetSocketAddress) listener.address();
        ServerBootstrap bootstrap = bootstrap(clients).childOption(ChannelOption.TCP_NODELAY, true);
        OpenSocket socket = listener.endpoint().open();
        Channel channel = socket != null
                ? takenOver(bootstrap, () -> new EpollServerSocketChannel(socket.descriptor()))
                : bootstrap
                        .channel(transport.serverChannel())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .bind(asked)
                        .syncUninterruptibly()
                        .channel();
        return new Open(channel, asked.getPort() == 0 ? channel.localAddress() : asked, null);
    }

    private Open unix(Listener listener, ChannelHandler clients) throws IOException {
        Listener.Endpoint endpoint = listener.endpoint();
        SocketFile file = new SocketFile(((UnixDomainSocketAddress) endpoint.address()).getPath(), endpoint.mode());
        OpenSocket socket = endpoint.open();
        if (socket != null) {
            // Told that it is active: by its other constructor this one, unlike that of TCP, does not find out.
            Channel channel =
                    takenOver(bootstrap(clients), () -> new EpollServerDomainSocketChannel(socket.descriptor(), true));
            if (socket.ownsFile()) {
                file.borrow();
            }
            return new Open(channel, endpoint.address(), file);
        }
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

    /** Accepts from a socket that listens already. */
    private Channel takenOver(ServerBootstrap bootstrap, ChannelFactory<ServerChannel> socket) throws IOException {
        if (transport != Transport.EPOLL) {
            throw new IOException("a socket is taken over with transport: epoll only");
        }
        return bootstrap.channelFactory(socket).register().syncUninterruptibly().channel();
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

    /** The descriptors of the sockets, in the same order; none with a transport that does not tell them. */
    List<Integer> descriptors() {
        return transport == Transport.EPOLL
                ? open.stream()
                        .map(socket -> ((UnixChannel) socket.channel).fd().intValue())
                        .toList()
                : List.of();
    }

    /** The process that sockets were taken over from listens no more: their files go when this one closes them. */
    void adoptFiles() {
        open.stream().map(Open::file).filter(Objects::nonNull).forEach(SocketFile::adopt);
    }

    /** Another process listens with the same sockets: their files stay when this one closes them. */
    void leaveFiles() {
        open.stream().map(Open::file).filter(Objects::nonNull).forEach(SocketFile::leave);
    }

    /** Stops listening. Returns at once what completes when nothing listens any more; never exceptionally. */
    CompletableFuture<Void> close() {
        return CompletableFuture.allOf(
                open.stream().map(ListeningSockets::close).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> close(Open socket) {
        if (socket.file != null) {
            socket.file.remove();
        }
        CompletableFuture<Void> closed = new CompletableFuture<>();
        socket.channel.close().addListener(done -> closed.complete(null));
        return closed;
    }
}
