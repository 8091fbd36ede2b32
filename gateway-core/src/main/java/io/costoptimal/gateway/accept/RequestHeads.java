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

/** Makes an {@link Exchange} of each request head of one connection. Confined to that connection's event loop. */
public final class RequestHeads {

    private static final Rejection MISDIRECTED =
            Rejection.of(421, null, "The Host of this request is not the name that the TLS connection was opened for.");

    private final Supplier<? extends Policy> policy;
    private final Peer peer;

    /**
     * @param policy asked once per exchange, which keeps it
     * @param peer whom the connection comes from
     */
    public RequestHeads(Supplier<? extends Policy> policy, Peer peer) {
        this.policy = policy;
        this.peer = peer;
    }

    /** Whom the connection comes from. */
    public Peer peer() {
        return peer;
    }

    /** Returns a new exchange for {@code request}, of which nothing has been judged. */
    public Exchange exchange(HttpRequest request) {
        Policy now = policy.get();
        Exchange exchange = new Exchange(request, Preflight.target(request, now), now);
        exchange.clientAddress(peer.address(request.headers()));
        exchange.connection(peer.connection());
        return exchange;
    }

    /** Why {@code request} is not served over this connection; {@code null} when it is. */
    public Rejection misdirected(HttpRequest request) {
        return peer.misdirected(request.headers()) ? MISDIRECTED : null;
    }

    /** What the client is told whose head has {@code violation}. */
    public static Rejection refusal(FramingGuard.Violation violation) {
        return violation.status() == 503
                ? Rejection.overloaded(violation.message())
                : Rejection.of(violation.status(), null, violation.message());
    }

    /** Stands for a head that never became readable. */
    public static HttpRequest unread() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, new HttpMethod("-"), "-");
    }
}
