package io.costoptimal.gateway.upstream;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.RoundRobinDnsAddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects over TCP, and TLS where the origin wants it; names are resolved without blocking. Any event loop of any
 * transport; one for the whole process, so that TLS sessions and DNS answers are shared.
 */
public final class SocketConnector implements Connector, AutoCloseable {

    /** Longer than most providers' own TTL, and short enough to follow one that moves. */
    private static final int MAX_TTL_SECONDS = 300;

    private static final List<InetAddress> LOOPBACK = List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6);

    private final SslContext tls;
    private final Duration timeout;
    private final DnsServerAddressStreamProvider nameServers;
    private final Map<Transport, AddressResolverGroup<InetSocketAddress>> resolvers = new ConcurrentHashMap<>();

    /**
     * @param tls a client context, such as {@link Tls#context}; host names are verified whatever it says
     * @param timeout for resolving, connecting and the TLS handshake together
     */
    public SocketConnector(SslContext tls, Duration timeout) {
        this(tls, timeout, DnsServerAddressStreamProviders.platformDefault());
    }

    SocketConnector(SslContext tls, Duration timeout, DnsServerAddressStreamProvider nameServers) {
        this.tls = tls;
        this.timeout = timeout;
        this.nameServers = nameServers;
    }

    @Override
    public void connect(EventLoop loop, Origin origin, ChannelHandler last, Taker taker) {
        assert loop.inEventLoop();
        new ConnectAttempt(this, loop, origin, last, taker).start();
    }

    /** Closes the resolvers' sockets. Connections that were made stay as they are. */
    @Override
    public void close() {
        resolvers.values().forEach(AddressResolverGroup::close);
        resolvers.clear();
    }

    SslContext tls() {
        return tls;
    }

    Duration timeout() {
        return timeout;
    }

    /** The addresses to try, in order. A literal address and {@code localhost} (RFC 6761 section 6.3) need no name server. */
    Future<List<InetSocketAddress>> addresses(EventLoop loop, Origin origin) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(origin.host());
        if (literal != null) {
            return loop.newSucceededFuture(List.of(new InetSocketAddress(address(literal), origin.port())));
        }
        if (origin.host().equals("localhost")) {
            return loop.newSucceededFuture(LOOPBACK.stream()
                    .map(address -> new InetSocketAddress(address, origin.port()))
                    .toList());
        }
        return resolvers
                .computeIfAbsent(Transport.of(loop), this::resolver)
                .getResolver(loop)
                .resolveAll(InetSocketAddress.createUnresolved(origin.host(), origin.port()));
    }

    private AddressResolverGroup<InetSocketAddress> resolver(Transport transport) {
        return new RoundRobinDnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(transport.datagramChannel())
                .socketChannelType(transport.socketChannel())
                .nameServerProvider(nameServers)
                .resolveCache(new DefaultDnsCache(0, MAX_TTL_SECONDS, 0))
                // A name server that is down must leave time for the next one.
                .queryTimeoutMillis(Math.max(1, timeout.toMillis() / 3)));
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for arrays that are neither 4 nor 16 bytes long
        }
    }
}
