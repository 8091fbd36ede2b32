package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Proxy;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One connection in the making: resolve, connect to the address that answers first, pass the proxy if there is one, shake
 * hands; all under one deadline. Confined to its event loop. Tells its listener once how it ended, and leaves no channel
 * open when it failed.
 */
final class ConnectAttempt implements AddressRace.Listener {

    private static final ChannelHandler NOTHING_YET = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {}
    };

    private final SocketConnector connector;
    private final EventLoop loop;
    private final Origin origin;
    private final ChannelHandler last;
    private final Connector.Listener listener;
    private final AddressRace race;
    private final AddressLookup lookup;

    /** Of the winning connection; before there is one, the race knows how far the attempt has come. */
    private Phase phase;

    private Channel channel;
    private Future<?> deadline;
    private boolean answered;

    ConnectAttempt(
            SocketConnector connector,
            EventLoop loop,
            Origin origin,
            ChannelHandler last,
            Connector.Listener listener) {
        this.connector = connector;
        this.loop = loop;
        this.origin = origin;
        this.last = last;
        this.listener = listener;
        this.race = new AddressRace(loop, this::dial, connector.dead(), this);
        this.lookup = new AddressLookup(loop, race);
    }

    void start() {
        deadline = loop.schedule(this::expired, connector.timeout().toNanos(), TimeUnit.NANOSECONDS);
        Proxy proxy = origin.proxy();
        String host = proxy == null ? origin.host() : proxy.host();
        int port = proxy == null ? origin.port() : proxy.port();
        try {
            connector.nameServers(loop).find(loop, host, port, lookup);
        } catch (Throwable e) {
            // The resolver could not open its own socket.
            failed(Reason.of(e));
        }
    }

    private ChannelFuture dial(InetSocketAddress address) {
        Proxy proxy = origin.proxy();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(Transport.of(loop).socketChannel())
                .disableResolver()
                .attr(Connector.BEGUN, loop.ticker().nanoTime())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the deadline covers it
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, Transport.answerBuffers())
                // A write that fails ends the writing only: the provider may have said why, and that is still to be
                // read.
                .option(ChannelOption.AUTO_CLOSE, false)
                // Makes a FIN an event of its own, so that nothing else is ever taken for an orderly end.
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // Nothing of a provider is read before the handlers are there; a proxy's answer is.
                .option(ChannelOption.AUTO_READ, proxy != null);
        return proxy == null
                ? bootstrap.handler(NOTHING_YET).connect(address)
                : bootstrap
                        .handler(Tunnel.through(proxy, address))
                        .connect(InetSocketAddress.createUnresolved(origin.host(), origin.port()));
    }

    @Override
    public void won(Channel connected) {
        channel = connected;
        phase = Phase.CONNECT;
        // A listener's exceptions are only logged; whoever waits for this connection must hear of them.
        try {
            if (origin.proxy() == null) {
                install();
            } else {
                Tunnel.opened(channel).addListener(this::tunnelled);
            }
        } catch (RuntimeException e) {
            failed(Reason.of(e));
        }
    }

    @Override
    public void lost() {
        failed(race.attempted() ? race.reasons() : Reason.of(lookup.cause()));
    }

    private void tunnelled(Future<? super Channel> tunnel) {
        if (answered) {
            return;
        }
        if (!tunnel.isSuccess()) {
            failed(Tunnel.reason(tunnel.cause()));
            return;
        }
        try {
            channel.config().setAutoRead(false);
            Tunnel.leave(channel);
            install();
        } catch (RuntimeException e) {
            failed(Reason.of(e));
        }
    }

    private void install() {
        if (!origin.secure()) {
            channel.pipeline().addLast(last);
            channel.config().setAutoRead(true);
            connected();
            return;
        }
        phase = Phase.TLS;
        SslHandler tls = Tls.handler(connector.tls(), channel.alloc(), origin);
        channel.pipeline().addLast(tls, last);
        channel.config().setAutoRead(true);
        tls.handshakeFuture().addListener(handshake -> {
            Throwable cause = handshake.isSuccess() ? Tls.flaw(tls, origin) : handshake.cause();
            if (cause == null) {
                connected();
            } else {
                failed(Reason.of(cause));
            }
        });
    }

    private void connected() {
        if (answered) {
            return;
        }
        if (!channel.isActive()) {
            failed("closed at once");
            return;
        }
        answered = true;
        deadline.cancel(false);
        listener.connected(channel);
    }

    private void expired() {
        race.cancel();
        String reasons = race.reasons();
        String late = "not ready within " + connector.timeout().toMillis() + " ms";
        end(Kind.TIMEOUT, reasons.isEmpty() ? late : late + " (" + reasons + ")");
    }

    private void failed(String why) {
        end(Kind.CONNECT_ERROR, why);
    }

    private void end(Kind kind, String why) {
        if (answered) {
            return;
        }
        answered = true;
        deadline.cancel(false);
        race.cancel();
        if (channel != null) {
            channel.close();
        }
        Phase reached = phase != null ? phase : race.attempted() ? Phase.CONNECT : Phase.RESOLVE;
        listener.failed(new UpstreamFailure(reached, kind, origin + ": " + why));
    }
}
