package io.costoptimal.gateway.accept;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Whom one connection comes from: its other end, or the client for which a trusted proxy there speaks. Confined to the event
 * loop of that connection.
 */
public final class Peer {

    private final TrustedProxies proxies;
    /** {@code null} for what has no IP address, such as a Unix domain socket. */
    private InetAddress address;
    /** Of {@link #address}; {@code null} until somebody asks. */
    private String text;

    private boolean trusted;

    /** @param proxies whom to believe */
    public Peer(Channel channel, TrustedProxies proxies) {
        this.proxies = proxies;
        boolean unix = UnixSockets.isOne(channel);
        is(channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null);
        // Without an address, only a Unix domain socket can be trusted, and not what is none.
        trusted &= address != null || unix;
    }

    private void is(InetAddress other) {
        address = other;
        text = null;
        trusted = proxies.trusts(other);
    }

    /** Whether this is a proxy whose word counts. */
    public boolean trusted() {
        return trusted;
    }

    /** The connection is made for a client at {@code source}, as the trusted proxy says that opened it. */
    void speaksFor(InetAddress source) {
        is(source);
    }

    /** The text of the IP address that the connection comes from; {@code null} when it has none. */
    public String address() {
        if (text == null && address != null) {
            text = NetUtil.toAddressString(address);
        }
        return text;
    }

    /** The same for the request with {@code fields}: proxies that are trusted are asked where they have it from. */
    public String address(HttpHeaders fields) {
        if (!trusted) {
            return address();
        }
        InetAddress client = ForwardedFor.client(fields, proxies, address);
        return client == address || client == null ? address() : NetUtil.toAddressString(client);
    }
}
