package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.FramingGuard;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes an {@link Exchange} of a request head, and judges from the head what its body is worth. Stateless, any thread.
 */
public final class RequestHeads {

    /** A body slower than this is cut off, although each byte of it comes in time: one connection, one slow loris. */
    private static final int MIN_BODY_BYTES_PER_SECOND = 1024;

    private static final long MIN_RATE_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<? extends Policy> policy;

    /** @param policy asked once per exchange, which keeps it */
    public RequestHeads(Supplier<? extends Policy> policy) {
        this.policy = policy;
    }

    /**
     * Returns a new exchange for {@code request}, of which nothing has been judged.
     *
     * @param address of the client, as {@link Exchange#clientAddress} takes it
     */
    Exchange exchange(HttpRequest request, String address) {
        Policy now = policy.get();
        Exchange exchange = new Exchange(request, Preflight.target(request, now), now);
        exchange.clientAddress(address);
        return exchange;
    }

    /**
     * Whether the body of a refused request is read for the sake of the connection: a short one of known length, which
     * comes whatever we answer, because its sender does not wait for a 100.
     *
     * @param most bytes that are read so
     */
    static boolean bodyIsSkippable(HttpRequest request, int most) {
        long length = HttpUtil.getContentLength(request, 0L);
        return length == 0 && !HttpUtil.isTransferEncodingChunked(request)
                || length > 0 && length <= most && !request.headers().contains(HttpHeaderNames.EXPECT);
    }

    /** Whether a body of which {@code bytes} came in {@code nanos} is too slow. */
    static boolean bodyIsSlow(long bytes, long nanos) {
        return nanos > MIN_RATE_GRACE_NANOS && bytes / (nanos / 1e9) < MIN_BODY_BYTES_PER_SECOND;
    }

    /** What the client is told whose head has {@code violation}. */
    static Rejection refusal(FramingGuard.Violation violation) {
        return violation.status() == 503
                ? Rejection.overloaded(violation.message())
                : Rejection.of(violation.status(), null, violation.message());
    }

    /** Stands for a head that never became readable. */
    static HttpRequest unread() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, new HttpMethod("-"), "-");
    }
}
