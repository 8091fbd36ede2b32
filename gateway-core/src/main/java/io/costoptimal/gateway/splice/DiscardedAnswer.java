package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.costoptimal.gateway.upstream.UpstreamReader;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads the rest of an answer that nobody wants, if it is short, so that the connection can be used again: a provider that
 * refuses everything for a while should not cost a handshake each time. Confined to the connection's event loop; owns the
 * connection from {@link #start} on.
 */
final class DiscardedAnswer implements UpstreamReader {

    private static final int MAX_BYTES = 16 * 1024;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final UpstreamConnection connection;
    private final AnswerBody body;
    private final LazyTimer timer;
    private int read;

    private DiscardedAnswer(UpstreamConnection connection, AnswerBody body, EventExecutor loop) {
        this.connection = connection;
        this.body = body;
        this.timer = new LazyTimer(loop, () -> connection.release(false));
    }

    /**
     * Takes {@code connection} and {@code bytes}.
     *
     * @param framing of the unwanted body
     * @param bytes what has already come of it
     */
    static void start(UpstreamConnection connection, BodyFraming framing, ByteBuf bytes, EventExecutor loop) {
        boolean tooLong = framing instanceof BodyFraming.Length length && length.bytes() > MAX_BYTES;
        if (tooLong || framing == BodyFraming.Plain.UNTIL_CLOSE) {
            bytes.release();
            connection.release(false);
            return;
        }
        DiscardedAnswer rest = new DiscardedAnswer(connection, new AnswerBody(framing), loop);
        connection.reader(rest);
        rest.timer.start(MAX_NANOS);
        rest.read(bytes);
    }

    @Override
    public void read(ByteBuf bytes) {
        int all = bytes.readableBytes();
        int n = body.scan(bytes, null);
        bytes.release();
        read += n;
        if (n < all || body.failure() != null || read > MAX_BYTES) {
            end(false);
        } else if (body.done()) {
            end(true);
        }
    }

    @Override
    public void readComplete() {}

    @Override
    public void writabilityChanged(boolean writable) {}

    @Override
    public void closed(Throwable cause) {
        timer.cancel();
    }

    private void end(boolean reusable) {
        timer.cancel();
        connection.release(reusable);
    }
}
