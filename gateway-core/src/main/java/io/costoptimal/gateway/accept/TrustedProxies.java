package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Network;
import java.net.InetAddress;
import java.util.List;

/**
 * Whose word counts when it says where a request came from. Immutable.
 *
 * @param networks where such proxies are
 * @param unixSockets whether whoever comes by a Unix domain socket is one
 * @param field the one that these proxies add an address to; the other is not read, since they may pass on whatever a client
 *     wrote there
 */
public record TrustedProxies(List<Network> networks, boolean unixSockets, Field field) {

    /** Where proxies note the address that a request came to them from, each behind the one before. */
    public enum Field {
        X_FORWARDED_FOR,
        /** RFC 7239. */
        FORWARDED
    }

    /** Every client is known by the address of its own connection. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of(), false, Field.X_FORWARDED_FOR);

    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /** @param address {@code null} for a Unix domain socket */
    boolean trusts(InetAddress address) {
        if (address == null) {
            return unixSockets;
        }
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
