package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Sends one {@link Reply} at its pace, and fails as it says. Confined to the event loop of its channel; used once.
 *
 * <p>A stream is sent event by event as long as the client reads, so an answer of any size needs the memory of one event.
 */
final class ReplyPlayer {

    private static final int WHOLE_MAX = 1 << 20;

    private final Channel channel;
    private final Reply reply;
    private final Sale sale;
    private final Runnable onEnd;
    private final Fault fault;
    private final int fragments;
    private final boolean chunked;
    /** {@code null} when the answer is not compressed. */
    private final Packer packer;

    private int next = -1;
    private long startNanos;
    private Future<?> timer;
    private boolean over;

    /**
     * @param sale is told how far the answer has come
     * @param onEnd called once when the last byte is queued, not after a fault or {@link #cancel}
     */
    ReplyPlayer(Channel channel, Reply reply, Sale sale, Runnable onEnd) {
        this.channel = channel;
        this.reply = reply;
        this.sale = sale;
        this.onEnd = onEnd;
        this.fault = reply.behaviour().fault();
        this.fragments = reply.text().count();
        this.chunked = reply.client().http11();
        this.packer = reply.client().coding() == null
                ? null
                : new Packer(reply.client().coding(), channel.alloc());
    }

    void start() {
        long wait = reply.behaviour().pace().firstByte().toNanos();
        if (wait == 0) {
            begin();
        } else {
            timer = channel.eventLoop().schedule(this::begin, wait, TimeUnit.NANOSECONDS);
        }
    }

    /** The client has left; nothing more is sent. */
    void cancel() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Whether nothing more will be sent. */
    boolean over() {
        return over;
    }

    /** Goes on if it was only the client's reading that was waited for. */
    void writabilityChanged() {
        if (!over && next >= 0 && timer == null && channel.isWritable()) {
            play();
        }
    }

    private void begin() {
        timer = null;
        startNanos = System.nanoTime();
        if (fault.kind() != Fault.Kind.NONE && !fault.inAnswer() && strikesAlone()) {
            strike();
        } else if (reply.script().stream() || reply.text().bytes() > WHOLE_MAX) {
            next = 0;
            ByteBuf head = channel.alloc().buffer(512);
            HeadWriter.head(head, reply, chunked ? -1 : -2);
            channel.write(head, channel.voidPromise());
            play();
        } else {
            sendWhole();
        }
    }

    /** Error answers have a body of their own; the other faults come instead of one. */
    private boolean strikesAlone() {
        return reply.status() == 200;
    }

    private void sendWhole() {
        int chunk = reply.behaviour().size().chunkBytes();
        ByteBuf body = channel.alloc().buffer(1024 + (int) reply.text().bytes());
        reply.script().opening(body);
        reply.text().writeAll(body);
        reply.script().closing(body);
        body = packer == null ? body : packer.pack(body, true);
        ByteBuf out = channel.alloc().buffer(512 + body.readableBytes());
        boolean inChunks = chunked && chunk > 0;
        HeadWriter.head(out, reply, inChunks ? -1 : body.readableBytes());
        boolean breaks = fault.inAnswer();
        body.writerIndex(breaks ? body.writerIndex() / 2 : body.writerIndex());
        if (inChunks) {
            HeadWriter.chunks(out, body, chunk);
        } else {
            out.writeBytes(body);
        }
        body.release();
        if (breaks) {
            sale.opened();
            channel.write(out, channel.voidPromise());
            strike();
            return;
        }
        if (inChunks) {
            HeadWriter.lastChunk(out);
        }
        channel.write(out, channel.voidPromise());
        end();
    }

    /** Sends events until the next one is not due yet, the client does not read, or the answer is over. */
    private void play() {
        long interval = reply.behaviour().pace().interval().toNanos();
        while (!over && timer == null && channel.isWritable()) {
            if (fault.kind() != Fault.Kind.NONE && fault.after() == next) {
                sendOpeningAlone();
                strike();
                return;
            }
            sendPiece();
            if (over || interval == 0) {
                continue;
            }
            long due = startNanos + next * interval - System.nanoTime();
            timer = channel.eventLoop().schedule(this::due, Math.max(0, due), TimeUnit.NANOSECONDS);
        }
        if (!over) {
            channel.flush();
        }
    }

    private void due() {
        timer = null;
        play();
    }

    /** A fault after no event comes after what opens the stream. */
    private void sendOpeningAlone() {
        if (next == 0 && reply.script().stream()) {
            ByteBuf piece = channel.alloc().buffer(512);
            reply.script().opening(piece);
            sale.opened();
            send(piece, false);
        }
    }

    private void sendPiece() {
        ByteBuf piece = channel.alloc().buffer(512);
        if (next == 0) {
            reply.script().opening(piece);
        }
        if (next < fragments) {
            reply.script().before(piece, next);
            reply.text().write(piece, next);
            reply.script().after(piece, next);
        }
        next++;
        sale.opened();
        sale.said(Math.min(next, fragments));
        boolean last = next >= fragments && !(fault.inAnswer() && fault.after() == next);
        if (last) {
            reply.script().closing(piece);
        }
        send(piece, last);
        if (last) {
            end();
        }
    }

    /** Takes {@code plain}. */
    private void send(ByteBuf plain, boolean last) {
        ByteBuf piece = packer == null ? plain : packer.pack(plain, last);
        if (!chunked) {
            channel.write(piece, channel.voidPromise());
            return;
        }
        ByteBuf out = channel.alloc().buffer(piece.readableBytes() + 32);
        HeadWriter.chunks(out, piece, reply.behaviour().size().chunkBytes());
        piece.release();
        if (last) {
            HeadWriter.lastChunk(out);
        }
        channel.write(out, channel.voidPromise());
    }

    private void end() {
        sale.whole(fragments);
        conclude();
    }

    private void conclude() {
        over = true;
        boolean endsWithConnection = !chunked && next >= 0;
        if (reply.client().keepAlive() && !endsWithConnection) {
            channel.flush();
            onEnd.run();
            return;
        }
        onEnd.run();
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    private void strike() {
        over = true;
        switch (fault.kind()) {
            case CLOSE -> channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
            case RESET ->
                channel.writeAndFlush(channel.alloc().buffer(0)).addListener(written -> {
                    channel.config().setOption(ChannelOption.SO_LINGER, 0);
                    channel.close();
                });
            case MALFORMED -> {
                ByteBuf out = channel.alloc().buffer(64).writeBytes(HeadWriter.MALFORMED);
                channel.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
            }
            case ERROR -> {
                ByteBuf event = channel.alloc().buffer(256);
                reply.script().error(event, Math.max(0, next));
                send(event, true);
                conclude();
            }
            default -> channel.flush();
        }
    }
}
