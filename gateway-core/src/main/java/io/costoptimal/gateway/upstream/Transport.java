package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.http.ResponseHead;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Locale;

/** The ways to reach the kernel, and the channel classes that go with each. */
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),
    IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class, IoUringDatagramChannel.class),
    NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class);

    static {
        // With polls of several shots, Netty 4.2.18 misses about every second reset that comes right behind bytes
        // (netty/netty#17049): the client is gone, and nobody hears of it. Netty reads the property when its own class
        // is first used, so an embedder who uses that class before this one has to set the property himself.
        String severalShots = "io.netty.iouring.pollAddMultishotEnabled";
        if (System.getProperty(severalShots) == null) {
            System.setProperty(severalShots, "false");
        }
    }

    private final Class<? extends ServerSocketChannel> server;
    private final Class<? extends SocketChannel> socket;
    private final Class<? extends DatagramChannel> datagram;

    Transport(
            Class<? extends ServerSocketChannel> server,
            Class<? extends SocketChannel> socket,
            Class<? extends DatagramChannel> datagram) {
        this.server = server;
        this.socket = socket;
        this.datagram = datagram;
    }

    /**
     * The transport an operator named.
     *
     * @param name {@code auto}, {@code epoll}, {@code io_uring} or {@code nio}
     * @throws IllegalArgumentException when it is none of these, or cannot be used on this machine; its message says what
     *     was expected
     */
    public static Transport named(String name) {
        Transport transport = switch (name) {
            case "auto" -> auto();
            case "epoll", "io_uring", "nio" -> valueOf(name.toUpperCase(Locale.ROOT));
            default -> throw new IllegalArgumentException("auto, epoll, io_uring, nio");
        };
        if (!transport.available()) {
            // What a native library says of its absence has many lines; the first one names the cause.
            String why =
                    String.valueOf(transport.obstacle()).lines().findFirst().orElse("");
            throw new IllegalArgumentException("a transport of this machine; " + why);
        }
        return transport;
    }

    /** The cheapest transport that this machine has. io_uring is only used when asked for: containers often forbid it. */
    public static Transport auto() {
        return EPOLL.available() ? EPOLL : NIO;
    }

    /**
     * The transport an event loop belongs to, somebody else's included.
     *
     * @throws IllegalArgumentException when sockets of none of these can be registered with it
     */
    public static Transport of(EventLoop loop) {
        if (loop instanceof IoEventLoop io) {
            if (io.isCompatible(NioIoHandle.class)) {
                return NIO;
            }
            if (io.isCompatible(EpollIoHandle.class)) {
                return EPOLL;
            }
            if (io.isCompatible(IoUringIoHandle.class)) {
                return IO_URING;
            }
        }
        throw new IllegalArgumentException(
                "event loop: " + loop.getClass().getName() + " (expected: one of epoll, io_uring or nio)");
    }

    /** Whether this machine has it. */
    public boolean available() {
        return obstacle() == null;
    }

    /** Why it cannot be used; {@code null} when it can. */
    public Throwable obstacle() {
        return switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
    }

    /** What an event loop group of this transport is made with. */
    public IoHandlerFactory ioHandlerFactory() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** How large the buffers are that sockets are read into: as large as the last reads of the same connection were. */
    public static RecvByteBufAllocator readBuffers() {
        return new ReadBuffers(0);
    }

    /**
     * The same for connections to providers, with {@link ResponseHead#ROOM} bytes free before what is read: a head for the
     * client is a little longer than the provider's, and is written over it.
     */
    static RecvByteBufAllocator answerBuffers() {
        return new ReadBuffers(ResponseHead.ROOM);
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return server;
    }

    /** The same for Unix domain sockets. */
    public Class<? extends ServerChannel> serverUnixChannel() {
        return switch (this) {
            case EPOLL -> EpollServerDomainSocketChannel.class;
            case IO_URING -> IoUringServerDomainSocketChannel.class;
            case NIO -> NioServerDomainSocketChannel.class;
        };
    }

    /** Returns {@code path} as this transport takes it for the address of a Unix domain socket. */
    public SocketAddress unixAddress(Path path) {
        return this == NIO ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path.toString());
    }

    public Class<? extends SocketChannel> socketChannel() {
        return socket;
    }

    public Class<? extends DatagramChannel> datagramChannel() {
        return datagram;
    }
}
