package io.costoptimal.gateway.accept;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.concurrent.TimeUnit;

/**
 * What is still to come of the body of a connection's running exchange: whether it is held back from the stages, comes too
 * slowly, and is worth reading when nobody wants it any more. Confined to the connection's event loop.
 */
final class ArrivingBody {

    /** A body slower than this is cut off, although each byte of it comes in time: one connection, one slow loris. */
    private static final int MIN_BYTES_PER_SECOND = 1024;

    private static final long MIN_RATE_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RequestDecoder decoder;

    private boolean skippable;
    private boolean held;
    /** What was decoded together with the head, while the body is held back; {@code null} when that is nothing. */
    private HttpContent kept;

    private long sinceNanos;

    /** @param decoder whose gate is worked here while a body is held back */
    ArrivingBody(RequestDecoder decoder) {
        this.decoder = decoder;
    }

    /** A request was read of which nothing is known. */
    void unknown() {
        skippable = false;
    }

    /**
     * A request was read. If it is refused, its body is read for the sake of the connection when it is short and of known
     * length, and comes whatever is answered, because its sender does not wait for a 100.
     *
     * @param most bytes that are read so
     */
    void follows(HttpRequest request, int most) {
        long length = HttpUtil.getContentLength(request, 0L);
        skippable = length == 0 && !HttpUtil.isTransferEncodingChunked(request)
                || length > 0 && length <= most && !request.headers().contains(HttpHeaderNames.EXPECT);
    }

    /** Whether the rest of it is read although the request was refused. */
    boolean skippable() {
        return skippable;
    }

    /** The client has to keep up from {@code now} on, by the loop's clock. */
    void awaited(long now) {
        sinceNanos = now;
    }

    /** Whether the client has not kept up, having sent {@code bytes} in all. */
    boolean slow(long bytes, long now) {
        long nanos = now - sinceNanos;
        return nanos > MIN_RATE_GRACE_NANOS && bytes / (nanos / 1e9) < MIN_BYTES_PER_SECOND;
    }

    /** Nothing more of it is decoded until {@link #release}. */
    void hold() {
        held = true;
        decoder.shut();
    }

    boolean held() {
        return held;
    }

    /** Takes {@code content}, which was decoded in the same step as the head. There is one such piece at most. */
    void keep(HttpContent content) {
        kept = content;
    }

    /** Goes on decoding, if it was held. Returns what was kept, to be released by the caller; {@code null} when nothing was. */
    HttpContent release() {
        HttpContent first = kept;
        kept = null;
        if (held) {
            held = false;
            decoder.open();
        }
        return first;
    }
}
