package io.costoptimal.gateway.server.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen.
 *
 * @param host a name or an address, an IPv6 address without brackets
 * @param port 0 to 65535; 0 lets the system choose
 */
public record HostPort(String host, int port) implements ListenAddress {

    private static final Pattern FORM =
            Pattern.compile("(?:(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]*):)?(0|[1-9][0-9]{0,4})");

    /**
     * Reads {@code host:port}, {@code [v6]:port}, {@code :port} or {@code port}.
     *
     * @param anyHost the host of the last two forms
     * @throws IllegalArgumentException saying what was expected
     */
    static HostPort parse(String text, String anyHost) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("host:port, [v6]:port, :port or port");
        }
        String host = form.group(1) == null || form.group(1).isEmpty() ? anyHost : form.group(1);
        return new HostPort(host.replace("[", "").replace("]", ""), port(form.group(2)));
    }

    /**
     * Reads a port.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    static int port(String text) {
        long port = Unit.COUNT.parse(text);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port from 0 to 65535");
        }
        return (int) port;
    }

    HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    /** For binding; resolves the host, which may block. */
    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
