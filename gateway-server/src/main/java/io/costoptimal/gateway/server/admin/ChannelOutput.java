package io.costoptimal.gateway.server.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The body of a streamed answer: gathers what is written and sends it piece by piece, no faster than the client reads. Written
 * by one thread, told of the channel by its event loop. The head goes out with the first piece.
 */
final class ChannelOutput extends OutputStream {

    private static final int PIECE = 16 * 1024;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Channel channel;
    private final HttpResponse head;
    private final byte[] piece = new byte[PIECE];
    private int length;
    private boolean begun;

    /** @param head of the answer, chunked or ended by the close of the connection */
    ChannelOutput(Channel channel, HttpResponse head) {
        this.channel = channel;
        this.head = head;
    }

    @Override
    public void write(int b) throws IOException {
        if (length == PIECE) {
            send();
        }
        piece[length++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        int left = count;
        while (left > 0) {
            if (length == PIECE) {
                send();
            }
            int n = Math.min(left, PIECE - length);
            System.arraycopy(bytes, from, piece, length, n);
            length += n;
            from += n;
            left -= n;
        }
    }

    /** Whether the client has got the head. */
    boolean begun() {
        return begun;
    }

    /** Sends what is left, and the end; the future is done when the system has taken all of it. */
    ChannelFuture finish() throws IOException {
        send();
        return channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void send() throws IOException {
        awaitRoom();
        if (!begun) {
            begun = true;
            channel.write(head, channel.voidPromise());
        }
        if (length > 0) {
            byte[] copy = Arrays.copyOf(piece, length);
            length = 0;
            channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(copy)), channel.voidPromise());
        }
    }

    private synchronized void awaitRoom() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (channel.isActive() && !channel.isWritable()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new IOException("the client has taken nothing for a minute");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("nobody waits for this any more");
            }
        }
        if (!channel.isActive()) {
            throw new IOException("the client has left");
        }
    }

    /** The channel takes more, or is closed; by its event loop. */
    synchronized void changed() {
        notifyAll();
    }
}
