package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Network;
import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What {@code NO_PROXY} lists, separated by commas or blanks: {@code *} for everything, a host and all below it
 * ({@code example.com}), only what is below it ({@code .example.com}), an address, a network ({@code 10.0.0.0/8}); a host
 * or an address may name a port ({@code example.com:8443}). Immutable.
 */
record NoProxy(List<String> entries) {

    static NoProxy parse(String text) {
        return new NoProxy(Arrays.stream(text.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    /** Whether {@code location} is to be reached directly. */
    boolean covers(Location location) {
        String host = location.host().toLowerCase(Locale.ROOT);
        return entries.stream().anyMatch(entry -> covers(entry, bare(host), location.port()));
    }

    private static boolean covers(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return inNetwork(bytes(bare(entry.substring(0, slash))), entry.substring(slash + 1), bytes(host));
        }
        String name = entry;
        int colon = entry.lastIndexOf(':');
        boolean withPort = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
        if (withPort) {
            if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            name = entry.substring(0, colon);
        }
        name = bare(name);
        byte[] address = bytes(name);
        if (address != null) {
            return Arrays.equals(address, bytes(host));
        }
        String below = name.startsWith("*.") ? name.substring(1) : name;
        return below.startsWith(".") ? host.endsWith(below) : host.equals(below) || host.endsWith('.' + below);
    }

    private static boolean inNetwork(byte[] network, String prefix, byte[] address) {
        return network != null
                && address != null
                && prefix.matches("[0-9]{1,3}")
                && Network.of(network, Integer.parseInt(prefix)).contains(address);
    }

    private static byte[] bytes(String address) {
        return NetUtil.createByteArrayFromIpAddressString(address);
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
