package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.Listener.Endpoint;
import io.costoptimal.gateway.tls.Handshakes;
import io.costoptimal.gateway.tls.Secured;
import io.costoptimal.gateway.tls.ServerTls;
import io.costoptimal.gateway.tls.TlsStart;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The operators' listener. On an event loop of its own, which is never busy with clients, and on threads of its own for what
 * takes time; its buffers are none of the engine's.
 */
public final class AdminServer implements AutoCloseable {

    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** Connections at a time. */
    static final int MOST = 512;

    /**
     * Bytes that are read of a connection before others get their turn. Small requests one behind the other become objects of
     * fifty times their size, so that this bounds what a client can make us keep.
     */
    private static final int AT_ONCE = 8 * 1024;

    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_PIECE = 16 * 1024;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Threads threads = new Threads();
    private final Handshakes handshakes = new Handshakes(MOST, HANDSHAKE);
    /** {@code null} until there is one. */
    private AdminSocket socket;

    private Site site;

    /** {@code null} for plain HTTP. */
    private final ServerTls tls;

    private AdminServer(ServerTls tls) {
        this.tls = tls;
    }

    /**
     * Who may ask.
     *
     * @param hosts names of this listener beside those of loopback, in lower case
     * @param keys those in force, asked for each request
     * @param nanos a clock that starts anywhere
     */
    public record Access(Set<String> hosts, Supplier<AdminKeys> keys, LongSupplier nanos) {}

    /**
     * Starts one; it listens when this returns.
     *
     * @param routes what can be asked beside {@code /login}, {@code /logout} and {@code /session}
     * @throws IOException when {@code address} cannot be listened on
     */
    public static AdminServer start(InetSocketAddress address, Access access, List<Route> routes) throws IOException {
        return start(Listener.at(address).endpoint(), access, null, routes);
    }

    /**
     * The same at a file too, or over TLS.
     *
     * @param tls {@code null} for plain HTTP; the caller closes it after this server
     */
    public static AdminServer start(Endpoint at, Access access, ServerTls tls, List<Route> routes) throws IOException {
        return start(at, access, tls, routes, MOST);
    }

    /** @param most connections at a time */
    static AdminServer start(Endpoint at, Access access, ServerTls tls, List<Route> routes, int most)
            throws IOException {
        AdminServer server = new AdminServer(tls);
        try {
            server.listen(at, access, routes, new Crowd(most));
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen(Endpoint at, Access access, List<Route> routes, Crowd crowd) throws IOException {
        Sessions sessions = new Sessions(access.keys(), access.nanos());
        Gate gate = new Gate(access.hosts(), access.keys(), sessions, new WrongKeys(access.nanos()));
        List<Route> all = new ArrayList<>(routes);
        all.addAll(new Login(gate, sessions).routes());
        site = new Site(all);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(AT_ONCE).maxMessagesPerRead(1))
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        AdminConnection connection = new AdminConnection(site, gate, threads);
                        if (!crowd.admit(client, connection)) {
                            client.close();
                            return;
                        }
                        clients.add(client);
                        if (tls == null) {
                            speak(client, connection);
                        } else {
                            secure(client, connection);
                        }
                    }
                });
        socket = new AdminSocket(at, bootstrap);
        socket.open();
    }

    /** Lets another process listen in its place; who is connected stays. Waits until the address is free. */
    public void pause() {
        socket.close();
    }

    /**
     * Listens again, because the other process does not.
     *
     * @throws IOException when the address is taken
     */
    public void resume() throws IOException {
        socket.open();
    }

    private static void speak(Channel client, AdminConnection connection) {
        client.pipeline()
                .addLast(new HttpServerCodec(MAX_LINE, MAX_HEAD, MAX_PIECE))
                .addLast(connection);
    }

    /** Nobody asks for bytes of a handshake, so that they are read as they come. */
    private void secure(Channel client, AdminConnection connection) {
        client.config().setAutoRead(true);
        TlsStart.add(client, tls, handshakes, new TlsStart.Next() {
            @Override
            public void secured(Secured secured) {
                client.config().setAutoRead(false);
                speak(client, connection);
                client.pipeline().context(TlsStart.class).fireChannelActive();
            }

            @Override
            public boolean isEnd(Object event) {
                return false;
            }
        });
    }

    /** The port where it listens; {@code null} where that is a file. */
    public InetSocketAddress address() {
        return socket.port();
    }

    /** Where it listens: {@code host:port}, or {@code unix:} and a path. */
    public String listening() {
        return socket.text();
    }

    /** All that can be asked, the sessions of browsers too. */
    public List<Route> routes() {
        return site.routes();
    }

    /** Stops at once. */
    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
        clients.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        threads.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
