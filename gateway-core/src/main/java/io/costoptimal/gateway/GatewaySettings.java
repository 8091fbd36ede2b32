package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.upstream.Transport;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Everything that stays as it is while the gateway runs.
 *
 * @param transport how sockets are driven
 * @param eventLoops number of event loops of a gateway that has its own, at least 1
 * @param limits what is bounded by size or number
 * @param timeouts what is bounded by time
 * @param alsoTrusted certificates of private providers, or of who signed them, beside those the platform trusts
 */
public record GatewaySettings(
        Transport transport, int eventLoops, Limits limits, Timeouts timeouts, List<X509Certificate> alsoTrusted) {

    /** A loop for every core, the transport that measured best, the documented limits and timeouts. */
    public static GatewaySettings defaults() {
        return new GatewaySettings(
                Transport.auto(),
                Runtime.getRuntime().availableProcessors(),
                Limits.DEFAULTS,
                Timeouts.DEFAULTS,
                List.of());
    }

    public GatewaySettings {
        if (eventLoops < 1) {
            throw new IllegalArgumentException("event_loops: " + eventLoops + " (expected: > 0)");
        }
        alsoTrusted = List.copyOf(alsoTrusted);
    }

    public GatewaySettings withTransport(Transport other) {
        return new GatewaySettings(other, eventLoops, limits, timeouts, alsoTrusted);
    }

    public GatewaySettings withEventLoops(int other) {
        return new GatewaySettings(transport, other, limits, timeouts, alsoTrusted);
    }

    public GatewaySettings withLimits(Limits other) {
        return new GatewaySettings(transport, eventLoops, other, timeouts, alsoTrusted);
    }

    public GatewaySettings withTimeouts(Timeouts other) {
        return new GatewaySettings(transport, eventLoops, limits, other, alsoTrusted);
    }

    public GatewaySettings withAlsoTrusted(List<X509Certificate> other) {
        return new GatewaySettings(transport, eventLoops, limits, timeouts, other);
    }
}
