package io.costoptimal.gateway.server.handover;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Takes the listening sockets over from the process that serves now, {@link Offer} at the other end. Used by the thread that
 * starts this process, and waits. Closed before {@link #serving}, it leaves everything to the other process; after that it
 * stays open until the other process ends.
 *
 * <p>The two speak in turns, so that no byte is read as a descriptor and none the other way round: the offer's line with the
 * addresses, {@code take}, the descriptors, {@code serving}, {@code done}.
 */
public final class Takeover implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    /** Stands in the queue for the end of the connection. */
    private static final Object END = new Object();

    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final Inherited sockets = new Inherited(true);
    private final Path path;
    private EventLoopGroup loop;
    private Channel channel;

    private Takeover(Path path) {
        this.path = path;
    }

    /**
     * Asks the process at {@code path} for its sockets.
     *
     * @return without sockets when nobody is there
     * @throws IOException when somebody is, and does not hand over
     */
    public static Takeover from(Path path) throws IOException {
        Takeover takeover = new Takeover(path);
        if (!Files.exists(path)) {
            return takeover;
        }
        try {
            if (takeover.connect()) {
                takeover.take();
            }
            return takeover;
        } catch (IOException e) {
            takeover.close();
            throw new IOException("hand_over " + path + ": " + e.getMessage(), e);
        }
    }

    private boolean connect() {
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("takeover", true), EpollIoHandler.newFactory());
        var connecting = new Bootstrap()
                .group(loop)
                .channel(EpollDomainSocketChannel.class)
                .handler(new Receiver(received))
                .connect(new DomainSocketAddress(path.toString()))
                .awaitUninterruptibly();
        channel = connecting.channel();
        if (!connecting.isSuccess()) {
            // The file of a process that has ended.
            close();
        }
        return connecting.isSuccess();
    }

    private void take() throws IOException {
        String[] offered = line().split("\t", -1);
        if (!offered[0].equals(Offer.GREETING)) {
            throw new IOException("another kind of process answers: " + offered[0]);
        }
        ((EpollDomainSocketChannel) channel).config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
        say(Offer.TAKE);
        for (int i = 1; i < offered.length; i++) {
            if (!(next() instanceof FileDescriptor socket)) {
                throw new IOException("bytes instead of a socket");
            }
            sockets.add(offered[i], socket.intValue());
        }
        ((EpollDomainSocketChannel) channel).config().setReadMode(DomainSocketReadMode.BYTES);
    }

    /** What was taken over; empty when nobody was there. */
    public Inherited sockets() {
        return sockets;
    }

    /** Whether there is a process that serves now. */
    public boolean isFromAnother() {
        return channel != null;
    }

    /**
     * This process serves: the other one may stop to. Waits until it has let go of the files that both use.
     *
     * @param ended called when the other process has ended; not if there was none
     */
    public void serving(Runnable ended) throws IOException {
        sockets.closeRest();
        if (channel != null) {
            channel.closeFuture().addListener(closed -> ended.run());
            say(Offer.SERVING);
            line();
        }
    }

    /** Whether the other process has ended the connection and waits for the next: it has given this one up, and serves on. */
    public boolean isGivenUp() {
        if (channel == null || channel.isActive() || !Files.exists(path)) {
            return false;
        }
        Takeover look = new Takeover(path);
        try {
            return look.connect();
        } finally {
            look.close();
        }
    }

    private void say(String word) {
        channel.writeAndFlush(Unpooled.copiedBuffer(word + "\n", StandardCharsets.UTF_8))
                .awaitUninterruptibly();
    }

    private String line() throws IOException {
        if (!(next() instanceof String line)) {
            throw new IOException("a socket instead of bytes");
        }
        return line;
    }

    private Object next() throws IOException {
        try {
            Object next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null || next == END) {
                throw new IOException(next == null ? "no answer" : "the process that serves there does not hand over");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close().awaitUninterruptibly();
            channel = null;
        }
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            loop = null;
        }
    }

    /** Passes lines and descriptors on. Confined to its event loop. */
    private static final class Receiver extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<Object> received;
        private final Lines lines = new Lines();

        Receiver(BlockingQueue<Object> received) {
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof ByteBuf bytes) {
                lines.add(bytes, received::add);
            } else {
                received.add(msg);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            received.add(END);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
