package io.costoptimal.gateway.server.handover;

import io.costoptimal.gateway.accept.SocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Waits at a file for the process that is to take over, and gives it the listening sockets; {@link Takeover} is the other end.
 * Only the owner of this process can connect there, and one process at a time. Until that process says that it serves, this
 * one serves; if it ends before it has said so, nothing has changed. Everything here runs on an event loop of its own; any
 * thread may close it.
 */
public final class Offer implements AutoCloseable {

    static final String GREETING = "gateway-hand-over 1";
    static final String TAKE = "take";
    static final String SERVING = "serving";
    static final String DONE = "done";

    private static final Logger LOG = LogManager.getLogger(Offer.class);

    /** How long a process may be connected before it asks for the sockets. From then on it has as long as it lives. */
    private static final int PATIENCE_SECONDS = 10;

    private final Side side;
    private final SocketFile file;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("hand-over", true), EpollIoHandler.newFactory());
    private Channel listening;
    /** The process that is taking over; {@code null} while none is. Confined to the event loop. */
    private Channel taker;
    /** Whether another process serves in this one's place. */
    private volatile boolean handedOver;

    private Offer(Side side, Path path) {
        this.side = side;
        this.file = new SocketFile(path, PosixFilePermissions.fromString("rw-------"));
    }

    /** The server that hands over. Called on the offer's event loop, where it may wait. */
    public interface Side {

        /** Where it listens, and what its descriptors are, in the same order. */
        List<String> addresses();

        List<Integer> descriptors();

        /** Another process is about to serve: what two cannot have at a time is to be free. */
        void pause();

        /** It has not come to that. */
        void resume();

        /** The other process serves. */
        void handedOver();
    }

    /** Waits at {@code path}; a file there whose process has ended is replaced. */
    public static Offer at(Path path, Side side) throws IOException {
        Offer offer = new Offer(side, path);
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

    /** One process that has connected. */
    private final class Taker extends ChannelInboundHandlerAdapter {

        private final Lines lines = new Lines();
        private boolean paused;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (taker != null) {
                ctx.close();
                return;
            }
            taker = ctx.channel();
            ctx.executor().schedule(() -> hurry(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
            say(ctx, GREETING + "\t" + String.join("\t", side.addresses()));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            lines.add((ByteBuf) msg, line -> said(ctx, line));
        }

        private void hurry(ChannelHandlerContext ctx) {
            if (!paused) {
                ctx.close();
            }
        }

        private void said(ChannelHandlerContext ctx, String line) {
            if (taker != ctx.channel() || handedOver) {
                ctx.close();
            } else if (line.equals(TAKE) && !paused) {
                paused = true;
                LOG.info("hand_over_begun");
                side.pause();
                side.descriptors().forEach(descriptor -> ctx.write(new FileDescriptor(descriptor)));
                ctx.flush();
            } else if (line.equals(SERVING) && paused) {
                handedOver = true;
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
            if (taker == ctx.channel()) {
                taker = null;
                if (paused && !handedOver) {
                    LOG.warn("hand_over_failed (expected: that the other process serves)");
                    side.resume();
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
