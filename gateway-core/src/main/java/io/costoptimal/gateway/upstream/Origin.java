package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Proxy;
import java.util.Locale;

/**
 * What makes connections interchangeable, whatever the providers that use them are called. The host is also the name asked
 * for by SNI and verified in the certificate; trust is the connector's and the same for all of a pool.
 *
 * @param secure whether TLS is spoken
 * @param host lower case; an IPv6 address without brackets
 * @param port of the service
 * @param proxy through whom the connection goes; {@code null} for none
 */
public record Origin(boolean secure, String host, int port, Proxy proxy) {

    /** Where {@code provider} is reached. */
    public static Origin of(Provider provider) {
        Location location = provider.location();
        String host = location.host();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Origin(location.secure(), host.toLowerCase(Locale.ROOT), location.port(), location.proxy());
    }

    /** Shows the proxy, but never its user and password. */
    @Override
    public String toString() {
        String url = (secure ? "https://" : "http://") + (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
        return proxy == null ? url : url + " by proxy " + proxy;
    }
}
