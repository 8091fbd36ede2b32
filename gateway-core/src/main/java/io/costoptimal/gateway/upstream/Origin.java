package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Provider;
import java.util.Locale;

/**
 * What makes connections interchangeable, whatever the providers that use them are called (trap 16). The host is also the
 * name asked for by SNI and verified in the certificate; trust is the connector's and the same for all of a pool.
 *
 * @param secure whether TLS is spoken
 * @param host lower case; an IPv6 address without brackets
 * @param port of the service
 */
public record Origin(boolean secure, String host, int port) {

    /** Where {@code provider} is reached. */
    public static Origin of(Provider provider) {
        String host = provider.base().getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Origin(provider.secure(), host.toLowerCase(Locale.ROOT), provider.port());
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
