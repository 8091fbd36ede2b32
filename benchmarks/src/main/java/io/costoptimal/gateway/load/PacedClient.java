package io.costoptimal.gateway.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Sends one request at a fixed rate, whether answers come or not, and times each from when it was due: a proxy that stalls
 * is charged for all that should have been sent meanwhile. Kept connections, as many as are needed up to 256; beyond that
 * requests wait, and their time runs. State belongs to one event loop; the public face may be called from one other thread.
 */
final class PacedClient implements AutoCloseable {

    private static final int MOST_CONNECTIONS = 256;

    /** The event loop rather looks again than sleeps when a request is due within this. */
    private static final long SPIN_NANOS = 10_000;

    private final EventLoopGroup loop;
    private final Bootstrap bootstrap;
    private final ByteBuf request;
    private final long interval;
    private final Deque<PacedConnection> idle = new ArrayDeque<>();
    private final Times latencies = new Times();
    private final Times sendErrors = new Times();
    private int connections;
    private boolean waiting;
    private boolean stopped;
    private long due;
    private int errors;
    private String error = "";

    /**
     * @param request the whole request, head and body
     * @param rate requests a second
     */
    PacedClient(int port, byte[] request, int rate) throws IOException, InterruptedException {
        this.request = Unpooled.directBuffer(request.length).writeBytes(request);
        interval = TimeUnit.SECONDS.toNanos(1) / rate;
        loop = LoadLoop.start();
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress("127.0.0.1", port);
    }

    /** Begins to send. */
    void start() {
        loop.execute(() -> {
            due = System.nanoTime() + interval;
            pace();
        });
    }

    private void pace() {
        long now = System.nanoTime();
        for (; now - due >= 0; due += interval, now = System.nanoTime()) {
            PacedConnection free = idle.pollLast();
            if (free == null) {
                waiting = true;
                connect();
                return;
            }
            free.send(request.retainedDuplicate(), due);
            sendErrors.add(now - due);
        }
        long sleep = due - now - SPIN_NANOS;
        if (stopped) {
            return;
        }
        if (sleep > 0) {
            loop.schedule(this::pace, sleep, TimeUnit.NANOSECONDS);
        } else {
            loop.execute(this::pace);
        }
    }

    private void connect() {
        if (connections < MOST_CONNECTIONS) {
            connections++;
            bootstrap.clone().handler(new PacedConnection(this)).connect();
        }
    }

    /** {@code connection} can take a request. */
    void ready(PacedConnection connection) {
        idle.addLast(connection);
        if (waiting) {
            waiting = false;
            pace();
        }
    }

    /** An answer came {@code nanos} after its request was due. */
    void answered(long nanos) {
        latencies.add(nanos);
    }

    void closed(PacedConnection connection, String why) {
        connections--;
        idle.remove(connection);
        if (stopped) {
            return;
        }
        errors++;
        error = why;
        if (waiting) {
            connect();
        }
    }

    /** Counts and times what is answered during {@code seconds}. */
    Result measure(int seconds) throws InterruptedException {
        loop.submit(() -> {
                    latencies.clear();
                    sendErrors.clear();
                })
                .sync();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        Result[] result = new Result[1];
        loop.submit(() -> {
                    double span = (System.nanoTime() - start) / 1e9;
                    double[] micros = latencies.micros(0.5, 0.99);
                    result[0] = new Result(
                            latencies.count(),
                            span,
                            micros[0],
                            micros[1],
                            sendErrors.micros(0.5)[0],
                            connections);
                })
                .sync();
        if (errors > 0) {
            System.out.println(errors + " answers that were none: " + error);
        }
        return result[0];
    }

    @Override
    public void close() {
        loop.execute(() -> stopped = true);
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        request.release();
    }

    /**
     * What a measurement gave.
     *
     * @param answers received
     * @param seconds they took
     * @param p50 median latency from when a request was due, microseconds
     * @param p99 99th percentile, microseconds
     * @param sendError how late requests were sent, median, microseconds; it is part of the latency
     * @param connections that were needed
     */
    record Result(int answers, double seconds, double p50, double p99, double sendError, int connections) {}
}
