package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A pool on real sockets, asked from a test's thread. Waits are bounded, and nothing depends on how long they take. */
final class RealPool implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final EventLoopGroup group;
    private final SocketConnector connector;
    private final UpstreamPool pool;
    final EventLoop loop;

    RealPool(Transport transport, SslContext tls, Duration timeout, int connections) {
        this(transport, tls, timeout, connections, DnsServerAddressStreamProviders.platformDefault());
    }

    RealPool(
            Transport transport,
            SslContext tls,
            Duration timeout,
            int connections,
            DnsServerAddressStreamProvider nameServers) {
        this(transport, new SocketConnector(tls, timeout, nameServers), connections);
    }

    /** @param connector closed with the pool */
    RealPool(Transport transport, SocketConnector connector, int connections) {
        group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlerFactory());
        loop = group.next();
        this.connector = connector;
        pool = new UpstreamPool(
                loop, connector, new Limits.Upstream(connections, connections, 1024, 1024), PoolScript.TIMEOUTS);
    }

    /** Asks for a connection and returns at once. */
    RealLessee ask(String base) {
        return ask(PoolScript.provider(base));
    }

    /** Asks for a connection to {@code provider} and returns at once. */
    RealLessee ask(Provider provider) {
        RealLessee lessee = new RealLessee();
        loop.execute(() -> pool.lease(provider, false, lessee));
        return lessee;
    }

    PoolCounts counts() {
        return pool.counts();
    }

    /** Runs {@code step} on the loop and waits for it. */
    void onLoop(Runnable step) {
        get(CompletableFuture.runAsync(step, loop));
    }

    @Override
    public void close() {
        onLoop(pool::close);
        connector.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Asks for a connection, and hears what it has to say. */
    final class RealLessee implements Lessee, UpstreamReader {

        private final CompletableFuture<UpstreamConnection> leased = new CompletableFuture<>();
        private final CompletableFuture<UpstreamFailure> refused = new CompletableFuture<>();
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private volatile int releaseAfter = Integer.MAX_VALUE;
        private UpstreamConnection connection;

        UpstreamConnection connection() {
            return get(leased);
        }

        UpstreamFailure failure() {
            return get(refused);
        }

        /** Releases as reusable, within the read that completes {@code bytes} bytes, as a relay does. */
        RealLessee releasingAfter(int bytes) {
            releaseAfter = bytes;
            return this;
        }

        void send(String text) {
            UpstreamConnection to = connection();
            onLoop(() -> {
                to.write(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
                to.flush();
            });
        }

        void release() {
            UpstreamConnection own = connection();
            onLoop(() -> own.release(true));
        }

        /** Everything up to the next end, or up to {@code length} bytes. */
        String hear(int length) {
            StringBuilder all = new StringBuilder();
            while (all.length() < length) {
                try {
                    String next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    if (next == null) {
                        throw new AssertionError("heard only: " + all);
                    }
                    all.append(next);
                    if (next.startsWith("|")) {
                        break;
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return all.toString();
        }

        String hearAll() {
            return hear(Integer.MAX_VALUE);
        }

        @Override
        public void leased(UpstreamConnection connection) {
            this.connection = connection;
            connection.reader(this);
            leased.complete(connection);
        }

        @Override
        public void refused(UpstreamFailure failure) {
            refused.complete(failure);
        }

        @Override
        public void read(ByteBuf bytes) {
            releaseAfter -= bytes.readableBytes();
            heard.add(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
            if (releaseAfter <= 0) {
                connection.release(true);
            }
        }

        @Override
        public void readComplete() {}

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(Throwable cause) {
            heard.add(cause == null ? "|orderly" : "|broken");
        }
    }
}
