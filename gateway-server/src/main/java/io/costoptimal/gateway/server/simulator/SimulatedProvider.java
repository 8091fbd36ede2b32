package io.costoptimal.gateway.server.simulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running simulated provider. Any thread.
 *
 * <p>{@link Behaviour} says what a request can ask of it. It is lenient about what it reads: only a gateway or a test is
 * ever its client.
 */
public final class SimulatedProvider implements AutoCloseable {

    private final EventLoopGroup loops;
    private final Channel listener;
    private final Traffic traffic;

    private SimulatedProvider(EventLoopGroup loops, Channel listener, Traffic traffic) {
        this.loops = loops;
        this.listener = listener;
        this.traffic = traffic;
    }

    /**
     * What went through so far.
     *
     * @param requests whole requests that arrived
     * @param answered answers sent to their end
     * @param cancelled answers whose client left before their end
     */
    public record Counts(long requests, long answered, long cancelled) {}

    /**
     * Starts one; it accepts connections when this returns.
     *
     * @throws IOException when the address cannot be bound
     */
    public static SimulatedProvider start(SimulatorSettings settings) throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        SimulatorSettings.Listen listen = settings.listen();
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(listen.eventLoops(), new DefaultThreadFactory("simulator", true), io);
        Traffic traffic = new Traffic(settings.remembered());
        Answers answers = new Answers(settings);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpRequestDecoder(64 * 1024, 256 * 1024, 64 * 1024))
                                .addLast(new WholeRequests())
                                .addLast(new ProviderConnection(answers, traffic));
                    }
                });
        var bound = bootstrap.bind(listen.host(), listen.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(
                    listen.host() + ":" + listen.port() + ": " + bound.cause().getMessage(), bound.cause());
        }
        return new SimulatedProvider(loops, bound.channel(), traffic);
    }

    /** The port listened on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** What a provider's {@code base_url} would say, without {@code /v1}. */
    public URI base() {
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /** The last requests, oldest first; empty unless {@link SimulatorSettings#remembered()}. */
    public List<SeenRequest> seen() {
        return traffic.seen();
    }

    /** What those requests are billed for, and how much of their answers went out, in the same order. */
    public List<Sold> books() {
        return traffic.books();
    }

    public Counts counts() {
        return traffic.counts();
    }

    /** Stops at once; open answers break off. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
