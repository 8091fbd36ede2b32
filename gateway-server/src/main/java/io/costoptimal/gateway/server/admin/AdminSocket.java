package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.Listener.Endpoint;
import io.costoptimal.gateway.accept.SocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The socket at which operators are listened to, a port or a file. One thread at a time; every method waits. */
final class AdminSocket {

    private final Endpoint at;
    private final ServerBootstrap bootstrap;
    /** {@code null} for a port. */
    private final SocketFile file;
    /** {@code null} until it is opened for the first time. */
    private Channel listening;

    /** @param bootstrap all but the kind of channel, and what only ports have */
    AdminSocket(Endpoint at, ServerBootstrap bootstrap) {
        this.at = at;
        this.bootstrap = bootstrap;
        file = at.isUnix() ? new SocketFile(((UnixDomainSocketAddress) at.address()).getPath(), at.mode()) : null;
    }

    /** @throws IOException naming the address, when it cannot be listened on */
    void open() throws IOException {
        try {
            if (file == null) {
                listening = bootstrap
                        .clone()
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .bind(at.address())
                        .syncUninterruptibly()
                        .channel();
            } else {
                openFile();
            }
        } catch (Exception e) {
            throw new IOException("admin.listen " + Listener.text(at.address()) + ": " + e.getMessage(), e);
        }
    }

    private void openFile() throws IOException {
        file.removeStale();
        Path hidden = file.hidden();
        listening = bootstrap
                .clone()
                .channel(NioServerDomainSocketChannel.class)
                .bind(UnixDomainSocketAddress.of(hidden))
                .syncUninterruptibly()
                .channel();
        file.publish(hidden);
    }

    /** The port, in the place of 0 the one that was found; {@code null} for a file. */
    InetSocketAddress port() {
        return file == null ? (InetSocketAddress) listening.localAddress() : null;
    }

    /** As {@link Listener#text}. */
    String text() {
        SocketAddress address = file == null ? port() : at.address();
        return Listener.text(address);
    }

    /** Stops listening, and leaves who is connected. */
    void close() {
        if (file != null) {
            file.remove();
        }
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
    }
}
