package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ClientConnection;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
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
    private ClientConnection connection = ClientConnection.HTTP_1;

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

    /** Says what is spoken, unless that is HTTP/1 without TLS; before the first request. */
    public void speaks(ClientConnection spoken) {
        connection = spoken;
    }

    /** What is spoken. */
    ClientConnection connection() {
        return connection;
    }

    /**
     * Whether a request for {@code authority} is for another host than the one whose certificate the client was shown (RFC 9110
     * section 7.4).
     *
     * @param serverName the name that the connection asked for
     * @param authority {@code Host} or {@code :authority}; {@code null} when the request has none
     */
    private static boolean misdirected(String serverName, CharSequence authority) {
        if (authority == null) {
            return false;
        }
        int n = serverName.length();
        if (authority.length() < n || !AsciiString.regionMatches(authority, true, 0, serverName, 0, n)) {
            return true;
        }
        int end = authority.length() > n && authority.charAt(n) == '.' ? n + 1 : n;
        return end < authority.length() && authority.charAt(end) != ':';
    }

    /** The same of a request with {@code fields}. Without SNI there is nothing to hold them against, and they are not read. */
    boolean misdirected(HttpHeaders fields) {
        String serverName = connection.serverName();
        return serverName != null && misdirected(serverName, fields.get(HttpHeaderNames.HOST));
    }

    /** The text of the IP address that the connection comes from; {@code null} when it has none. */
    public String address() {
        if (text == null && address != null) {
            text = NetUtil.toAddressString(address);
        }
        return text;
    }

    /**
     * The same for the request with {@code fields}: proxies that are trusted are asked where they have it from. {@code null} too
     * when what they noted is no address.
     */
    public String address(HttpHeaders fields) {
        if (!trusted) {
            return address();
        }
        InetAddress client = ForwardedFor.client(fields, proxies, address);
        if (client == address) {
            return address();
        }
        return client == null ? null : NetUtil.toAddressString(client);
    }
}
