package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Rejection;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;

/**
 * Requests to go on in another protocol, such as a WebSocket, on a path that is served by POST. Stateless, any thread.
 *
 * <p>Some clients try a WebSocket first. A 405 has them try again; a 426 (RFC 9110, 15.5.22) tells them at once to send the
 * request over HTTP. Everywhere else the gateway ignores {@code Upgrade}, as RFC 9110, 7.8 allows.
 */
final class Upgrades {

    /** Names the protocol to use instead, as RFC 9110, 15.5.22 demands. */
    static final Rejection REFUSAL = new Rejection(
            426,
            null,
            null,
            "WebSocket is not supported: send the request with POST over HTTP/1.1.",
            Map.of("upgrade", "HTTP/1.1", "connection", "upgrade"));

    private Upgrades() {}

    /** Whether the client asks for another protocol; {@code Connection} need not name the field for that. */
    static boolean asked(HttpHeaders headers) {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }
}
