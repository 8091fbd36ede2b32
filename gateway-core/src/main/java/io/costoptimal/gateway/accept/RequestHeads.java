package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.FramingGuard;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.Supplier;

/** Makes an {@link Exchange} of a request head. Stateless, any thread. */
public final class RequestHeads {

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
