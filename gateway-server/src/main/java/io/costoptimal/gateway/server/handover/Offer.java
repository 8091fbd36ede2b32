package io.costoptimal.gateway.server.handover;

import io.costoptimal.gateway.accept.SocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Waits at a file for the process that is to take over, and gives it the listening sockets; {@link Takeover} is the other end.
 * Only the owner of this process can connect there, and one process at a time. Until that process says that it serves, this
 * one serves; if it ends before it has said so, or has not said so in time, this one takes back what it let go of. Everything
 * here runs on an event loop of its own; any thread may close it.
 */
public final class Offer implements AutoCloseable {

    static final String GREETING = "gateway-hand-over 1";
    static final String TAKE = "take";
    static final String SERVING = "serving";
    static final String DONE = "done";

    private static final Logger LOG = LogManager.getLogger(Offer.class);

    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofSeconds(5));

    private final Side side;
    private final Patience patience;
    private final SocketFile file;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("hand-over", true), EpollIoHandler.newFactory());
    private Channel listening;
    /** The process that is taking over; {@code null} while none is. Confined to the event loop. */
    private Channel taker;
    /** Whether another process serves in this one's place. */
    private volatile boolean handedOver;

    /**
     * How long another process is waited for.
     *
     * @param take from its connecting until it asks for the sockets
     * @param serve from then until it says that it serves
     * @param again until {@link Side#resume} is called once more
     */
    record Patience(Duration take, Duration serve, Duration again) {}

    private Offer(Side side, Path path, Patience patience) {
        this.side = side;
        this.patience = patience;
        this.file = new SocketFile(path, PosixFilePermissions.fromString("rw-------"));
    }

    /** The server that hands over. Called on the offer's event loop, where it may wait. */
    public interface Side {

        /** Where it listens, and what its descriptors are, in the same order. */
        List<String> addresses();

        List<Integer> descriptors();

        /**
         * Another process has the sockets and starts: lets go of what only one process can have, such as the operators' port.
         * Clients are served on.
         */
        void pause();

        /**
         * The other process has ended, or was given up, before it served: takes back what {@link #pause} let go of.
         *
         * @return whether it has all of it; if not, this is called again a little later, unless another process starts
         */
        boolean resume();

        /** The other process serves. */
        void handedOver();
    }

    /** Waits at {@code path}; a file there whose process has ended is replaced. */
    public static Offer at(Path path, Side side) throws IOException {
        return at(path, side, PATIENCE);
    }

    static Offer at(Path path, Side side, Patience patience) throws IOException {
        Offer offer = new Offer(side, path, patience);
        try {
            offer.listen();
            return offer;
        } catch (Exception e) {
            offer.close();
            throw new IOException("hand_over " + path + ": " + e.getMessage(), e);
        }
    }

    private void listen() throws IOException {
        file.removeStale();
        Path hidden = file.hidden();
        listening = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel process) {
                        process.pipeline().addLast(new Taker());
                    }
                })
                .bind(new DomainSocketAddress(hidden.toString()))
                .syncUninterruptibly()
                .channel();
        file.publish(hidden);
    }

    /**
     * Nobody can take over any more. A process that has taken over stays connected until this process ends, which it learns by
     * that.
     */
    @Override
    public void close() {
        file.remove();
        if (listening != null) {
            listening.close();
        }
        if (!handedOver) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void resume(EventLoop on) {
        if (taker == null && !handedOver && !side.resume()) {
            on.schedule(() -> resume(on), patience.again.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** One process that has connected. */
    private final class Taker extends ChannelInboundHandlerAdapter {

        private final Lines lines = new Lines();
        private boolean paused;
        private Future<?> deadline;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (taker != null) {
                ctx.close();
                return;
            }
            within(ctx, patience.take);
            say(ctx, GREETING + "\t" + String.join("\t", side.addresses()));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            lines.add((ByteBuf) msg, line -> said(ctx, line));
        }

        /** Closes the connection unless the process says what is awaited next. */
        private void within(ChannelHandlerContext ctx, Duration most) {
            if (deadline != null) {
                deadline.cancel(false);
            }
            deadline = ctx.executor().schedule((Runnable) ctx::close, most.toNanos(), TimeUnit.NANOSECONDS);
        }

        private void said(ChannelHandlerContext ctx, String line) {
            if (handedOver || taker != null && taker != ctx.channel()) {
                ctx.close();
            } else if (line.equals(TAKE) && !paused) {
                taker = ctx.channel();
                paused = true;
                LOG.info("hand_over_begun");
                within(ctx, patience.serve);
                side.pause();
                side.descriptors().forEach(descriptor -> ctx.write(new FileDescriptor(descriptor)));
                ctx.flush();
            } else if (line.equals(SERVING) && paused) {
                handedOver = true;
                deadline.cancel(false);
                // Before the other process is told, which is to make the file for whoever takes over from it.
                file.remove();
                listening.close();
                side.handedOver();
                say(ctx, DONE);
            } else {
                ctx.close();
            }
        }

        private void say(ChannelHandlerContext ctx, String line) {
            ctx.writeAndFlush(Unpooled.copiedBuffer(line + "\n", StandardCharsets.UTF_8));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (taker == ctx.channel()) {
                taker = null;
                if (!handedOver) {
                    LOG.warn(
                            "hand_over_failed (expected: that the other process serves within {} s)",
                            patience.serve.toSeconds());
                    resume(ctx.channel().eventLoop());
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("hand_over_failed cause=\"{}\"", cause.getMessage());
            ctx.close();
        }
    }
}
