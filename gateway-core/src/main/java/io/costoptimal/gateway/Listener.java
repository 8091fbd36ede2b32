package io.costoptimal.gateway;

import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.tls.ServerTls;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * One place where clients are listened to, and what they speak there. Immutable.
 *
 * @param endpoint the socket that listens
 * @param proxies who may say that a request comes from somewhere else
 * @param proxyProtocol whether each connection begins with a header of the PROXY protocol; those that do not, and those of
 *     others than {@code proxies}, are closed
 * @param tls what is spoken below HTTP, from the first byte behind that header; {@code null} for nothing. The caller closes it
 *     after the gateway
 * @param http2 whether clients may speak HTTP/2 without TLS, by prior knowledge (RFC 9113, 3.3), as well as HTTP/1; over TLS it
 *     is {@code tls} that offers HTTP/2 or does not
 */
public record Listener(Endpoint endpoint, TrustedProxies proxies, boolean proxyProtocol, ServerTls tls, boolean http2) {

    /** One without TLS, where HTTP/1 is spoken. */
    public Listener(Endpoint endpoint, TrustedProxies proxies, boolean proxyProtocol) {
        this(endpoint, proxies, proxyProtocol, null, false);
    }

    /** Plain HTTP of clients that speak for themselves. */
    public Listener(Endpoint endpoint) {
        this(endpoint, TrustedProxies.NONE, false);
    }

    /**
     * A listening socket.
     *
     * @param address an IP address and a port, 0 for a free one, or a path of a Unix domain socket
     * @param mode who may connect to a Unix domain socket: those who may write to its file; unused elsewhere
     * @param open the socket that listens at {@code address} already and is taken over; {@code null} has one made
     */
    public record Endpoint(SocketAddress address, Set<PosixFilePermission> mode, OpenSocket open) {

        /** The owner of the process and its group. */
        public static final Set<PosixFilePermission> OWNER_AND_GROUP =
                Set.copyOf(PosixFilePermissions.fromString("rw-rw----"));

        /** A socket that is yet to be made. */
        public Endpoint(SocketAddress address, Set<PosixFilePermission> mode) {
            this(address, mode, null);
        }

        public Endpoint {
            mode = Set.copyOf(mode);
        }

        /** Whether this is a file and no port. */
        public boolean isUnix() {
            return address instanceof UnixDomainSocketAddress;
        }
    }

    /**
     * A socket that listens already. Whoever takes it over closes its descriptor. Needs {@code Transport.EPOLL}.
     *
     * @param descriptor of this process; must not block
     * @param ownsFile whether the file of a Unix domain socket is to be removed when the socket is closed after
     *     {@link Gateway#tookOver}, unless another process has taken over by then; {@code false} when somebody else goes on
     *     listening with the socket, as systemd does
     */
    public record OpenSocket(int descriptor, boolean ownsFile) {}

    /** Plain HTTP at {@code address}. */
    public static Listener at(SocketAddress address) {
        return new Listener(new Endpoint(address, Endpoint.OWNER_AND_GROUP));
    }

    /** The same over TLS. */
    public Listener over(ServerTls security) {
        return new Listener(endpoint, proxies, proxyProtocol, security, http2);
    }

    /** The same where clients may speak HTTP/2 with prior knowledge. */
    public Listener withHttp2() {
        return new Listener(endpoint, proxies, proxyProtocol, tls, true);
    }

    /** {@code host:port}, an IPv6 address in brackets, or {@code unix:} and a path. */
    public static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : "unix:" + address;
    }

    /** Where this listens, as it was asked for: port 0 is not replaced by the port that was found. */
    public SocketAddress address() {
        return endpoint.address();
    }
}
