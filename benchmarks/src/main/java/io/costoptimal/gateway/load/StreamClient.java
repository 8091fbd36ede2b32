package io.costoptimal.gateway.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds many SSE streams on one thread and times each event: the provider writes its clock into the event, the client
 * subtracts it from its own. Both are the machine's monotonic clock, so the difference is one-way latency.
 */
final class StreamClient implements AutoCloseable {

    private static final byte[] STAMP = "t=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final EventLoopGroup loop;
    private final List<Channel> channels = new ArrayList<>();
    private final byte[] request;
    private final StreamWire wire;
    private final Times latencies = new Times();
    private boolean recording;
    private int finished;
    private int broken;
    private CountDownLatch allDone;

    /** @param request the whole request, head and body, sent once on each connection */
    StreamClient(byte[] request) throws IOException, InterruptedException {
        this(request, StreamWire.PLAIN);
    }

    /** @param request the whole request, head and body, sent once on each stream */
    StreamClient(byte[] request, StreamWire wire) throws IOException, InterruptedException {
        this.request = request;
        this.wire = wire;
        loop = LoadLoop.start();
    }

    /**
     * Opens {@code streams} streams, a few hundred at a time so that no accept queue overflows.
     *
     * @param streams a multiple of those on one connection
     */
    void open(int port, int streams) throws InterruptedException {
        allDone = new CountDownLatch(streams);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        wire.prepare(channel, Stream::new);
                    }
                });
        for (int i = 0; i < streams / wire.perConnection(); i++) {
            channels.add(bootstrap.connect("127.0.0.1", port).sync().channel());
            if (i % 200 == 199) {
                Server.pause(50);
            }
        }
    }

    /** Counts and times events for {@code seconds}. */
    Result measure(int seconds) throws InterruptedException {
        loop.submit(() -> {
                    recording = true;
                    latencies.clear();
                })
                .sync();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        Result[] result = new Result[1];
        loop.submit(() -> {
                    recording = false;
                    long nanos = System.nanoTime() - start;
                    double[] micros = latencies.micros(0.5, 0.99);
                    result[0] = new Result(latencies.count(), micros[0], micros[1], finished, broken, nanos);
                })
                .sync();
        return result[0];
    }

    /** Waits until every stream has ended; false when some have not in time. */
    boolean awaitEnd(int seconds) throws InterruptedException {
        return allDone.await(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channels.forEach(Channel::close);
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /**
     * What a measurement gave.
     *
     * @param events received
     * @param p50 median one-way latency, microseconds
     * @param p99 99th percentile, microseconds
     * @param finished streams that ended with their terminal event
     * @param broken streams that ended without it
     * @param nanos measured time
     */
    record Result(long events, double p50, double p99, int finished, int broken, long nanos) {}

    /** One stream. Finds stamps and the terminal event wherever reads cut them. */
    private final class Stream extends ChannelInboundHandlerAdapter {

        private int stampAt;
        private int doneAt;
        private long stamp = -1;
        private boolean done;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(request));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf buf = (ByteBuf) msg;
            try {
                while (buf.isReadable()) {
                    next(buf.readByte());
                }
            } finally {
                buf.release();
            }
        }

        private void next(byte b) {
            if (stamp >= 0) {
                if (b >= '0' && b <= '9') {
                    stamp = stamp * 10 + b - '0';
                    return;
                }
                if (stamp > 0 && recording) {
                    latencies.add(System.nanoTime() - stamp);
                }
                stamp = -1;
            }
            stampAt = b == STAMP[stampAt] ? stampAt + 1 : b == STAMP[0] ? 1 : 0;
            if (stampAt == STAMP.length) {
                stampAt = 0;
                stamp = 0;
            }
            doneAt = b == DONE[doneAt] ? doneAt + 1 : b == DONE[0] ? 1 : 0;
            if (doneAt == DONE.length) {
                doneAt = 0;
                done = true;
                finished++;
                allDone.countDown();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!done) {
                broken++;
                allDone.countDown();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
