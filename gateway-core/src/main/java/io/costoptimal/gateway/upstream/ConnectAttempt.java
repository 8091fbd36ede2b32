package io.costoptimal.gateway.upstream;

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
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;

/**
 * One connection in the making: resolve, connect to one address after another, shake hands; all under one deadline.
 * Confined to its event loop. Answers its taker once, and leaves no channel open when that answer is a failure.
 */
final class ConnectAttempt {

    /** How long a close may wait for the provider to take what was written. */
    private static final long CLOSE_NOTIFY_MILLIS = 500;

    private static final ChannelHandler NOTHING_YET = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {}
    };

    private final SocketConnector connector;
    private final EventLoop loop;
    private final Origin origin;
    private final ChannelHandler last;
    private final Connector.Taker taker;

    private Phase phase = Phase.RESOLVE;
    private Deque<InetSocketAddress> addresses;
    private Channel channel;
    private Future<?> deadline;
    private long deadlineNanos;
    private boolean answered;

    ConnectAttempt(
            SocketConnector connector, EventLoop loop, Origin origin, ChannelHandler last, Connector.Taker taker) {
        this.connector = connector;
        this.loop = loop;
        this.origin = origin;
        this.last = last;
        this.taker = taker;
    }

    void start() {
        long nanos = connector.timeout().toNanos();
        deadlineNanos = loop.ticker().nanoTime() + nanos;
        deadline = loop.schedule(this::expired, nanos, TimeUnit.NANOSECONDS);
        try {
            connector
                    .addresses(loop, origin)
                    .addListener((Future<List<InetSocketAddress>> found) -> onLoop(() -> {
                        if (!found.isSuccess()) {
                            failed(Kind.CONNECT_ERROR, found.cause());
                        } else if (!answered) {
                            addresses = new ArrayDeque<>(found.getNow());
                            phase = Phase.CONNECT;
                            tryNext();
                        }
                    }));
        } catch (Throwable e) {
            // The resolver could not open its own socket.
            failed(Kind.CONNECT_ERROR, e);
        }
    }

    /**
     * Runs {@code step} on the event loop. When a socket cannot even be made, for want of file descriptors, Netty tells of it
     * on a thread that belongs to no event loop.
     */
    private void onLoop(Runnable step) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> onLoop(step));
            return;
        }
        try {
            step.run();
        } catch (Throwable e) {
            // A listener's exceptions are only logged; whoever waits for this connection must hear of them.
            failed(Kind.CONNECT_ERROR, e);
        }
    }

    private void tryNext() {
        long now = loop.ticker().nanoTime();
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - now);
        // A black-holed address may use up its share of the time, not that of the others.
        int share = (int) Math.max(1, left / addresses.size());
        ChannelFuture connect = new Bootstrap()
                .group(loop)
                .channel(Transport.of(loop).socketChannel())
                .disableResolver()
                .attr(Connector.BEGUN, now)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, share)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, Transport.answerBuffers())
                // A write that fails ends the writing only: the provider may have said why, and that is still to be
                // read.
                .option(ChannelOption.AUTO_CLOSE, false)
                // Makes a FIN an event of its own, so that nothing else is ever taken for an orderly end.
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // Nothing is read before the handlers are there.
                .option(ChannelOption.AUTO_READ, false)
                .handler(NOTHING_YET)
                .connect(addresses.remove());
        channel = connect.channel();
        connect.addListener((ChannelFuture done) -> onLoop(() -> tcp(done)));
    }

    private void tcp(ChannelFuture connect) {
        if (answered) {
            close(connect.channel());
        } else if (connect.isSuccess()) {
            install();
        } else if (!addresses.isEmpty()) {
            tryNext();
        } else {
            boolean late = connect.cause() instanceof ConnectTimeoutException;
            failed(late ? Kind.TIMEOUT : Kind.CONNECT_ERROR, connect.cause());
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
        SslHandler tls = connector.tls().newHandler(channel.alloc(), origin.host(), origin.port());
        SSLParameters parameters = tls.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.engine().setSSLParameters(parameters);
        tls.setHandshakeTimeoutMillis(0); // the deadline above covers it
        tls.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        channel.pipeline().addLast(tls, last);
        channel.config().setAutoRead(true);
        tls.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                connected();
            } else {
                failed(Kind.CONNECT_ERROR, handshake.cause());
            }
        });
    }

    private void connected() {
        if (answered) {
            return;
        }
        answered = true;
        deadline.cancel(false);
        if (channel.isActive()) {
            taker.connected(channel);
        } else {
            taker.failed(new UpstreamFailure(phase, Kind.CONNECT_ERROR, origin + " closed at once"));
        }
    }

    private void expired() {
        failed(Kind.TIMEOUT, null);
    }

    private void failed(Kind kind, Throwable cause) {
        if (answered) {
            return;
        }
        answered = true;
        deadline.cancel(false);
        if (channel != null) {
            close(channel);
        }
        String why = cause == null ? "not ready within " + connector.timeout().toMillis() + " ms" : describe(cause);
        taker.failed(new UpstreamFailure(phase, kind, origin + ": " + why));
    }

    /** A channel that was never registered has been closed by Netty, or stands for one that could not even be made. */
    private static void close(Channel channel) {
        if (channel.isRegistered()) {
            channel.close();
        }
    }

    /** The innermost message, which is the one that says what is wrong: of a certificate, of a name, of a socket. */
    private static String describe(Throwable cause) {
        Throwable inner = cause;
        while (inner.getCause() != null && inner.getCause().getMessage() != null) {
            inner = inner.getCause();
        }
        String message = inner.getMessage();
        return message == null
                ? inner.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
