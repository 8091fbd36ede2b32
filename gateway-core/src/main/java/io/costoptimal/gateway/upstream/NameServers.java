package io.costoptimal.gateway.upstream;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.RoundRobinDnsAddressResolverGroup;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Resolves names without blocking, each family for itself, so that one that is slow does not hold up the other. One for each
 * transport; any event loop of it.
 *
 * @param ipv4 resolves to IPv4 addresses only
 * @param ipv6 resolves to IPv6 addresses only; {@code null} where the machine itself has none
 */
record NameServers(AddressResolverGroup<InetSocketAddress> ipv4, AddressResolverGroup<InetSocketAddress> ipv6)
        implements AutoCloseable {

    /** Longer than most providers' own TTL, and short enough to follow one that moves. */
    private static final int MAX_TTL_SECONDS = 300;

    /** Most names have no IPv6 address, and it need not be asked for at every connection. */
    private static final int NO_IPV6_TTL_SECONDS = 30;

    private static final List<InetAddress> LOOPBACK = List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6);

    /**
     * @param timeout of a whole connection; a name server gets a third of it, so that there is time for the next one
     * @param withIpv6 whether to look for IPv6 addresses; see {@link #machineHasIpv6}
     */
    static NameServers of(
            Transport transport, DnsServerAddressStreamProvider servers, Duration timeout, boolean withIpv6) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder()
                .datagramChannelType(transport.datagramChannel())
                .socketChannelType(transport.socketChannel())
                .nameServerProvider(servers)
                .queryTimeoutMillis(Math.max(1, timeout.toMillis() / 3));
        return new NameServers(
                new RoundRobinDnsAddressResolverGroup(builder.copy()
                        .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                        .resolveCache(new DefaultDnsCache(0, MAX_TTL_SECONDS, 0))),
                withIpv6
                        ? new RoundRobinDnsAddressResolverGroup(builder.copy()
                                .resolvedAddressTypes(ResolvedAddressTypes.IPV6_ONLY)
                                .resolveCache(new DefaultDnsCache(0, MAX_TTL_SECONDS, NO_IPV6_TTL_SECONDS)))
                        : null);
    }

    /** Whether an interface has an IPv6 address from which other machines can be reached. */
    static boolean machineHasIpv6() {
        return !NetUtil.isIpV4StackPreferred()
                && NetUtil.NETWORK_INTERFACES.stream()
                        .flatMap(NetworkInterface::inetAddresses)
                        .anyMatch(address -> address instanceof Inet6Address
                                && !address.isLoopbackAddress()
                                && !address.isLinkLocalAddress());
    }

    /**
     * Looks up {@code host} and hands its addresses to {@code lookup}. A literal address and {@code localhost} (RFC 6761
     * section 6.3) need no name server.
     *
     * @throws RuntimeException when the resolver cannot open its own socket
     */
    void find(EventLoop loop, String host, int port, AddressLookup lookup) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            lookup.start(loop.newSucceededFuture(List.of(new InetSocketAddress(address(literal), port))), null);
        } else if (host.equals("localhost")) {
            List<InetSocketAddress> loopback = LOOPBACK.stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
            lookup.start(loop.newSucceededFuture(loopback), null);
        } else {
            InetSocketAddress name = InetSocketAddress.createUnresolved(host, port);
            lookup.start(
                    ipv4.getResolver(loop).resolveAll(name),
                    ipv6 == null ? null : ipv6.getResolver(loop).resolveAll(name));
        }
    }

    /** Closes the resolvers' sockets. */
    @Override
    public void close() {
        ipv4.close();
        if (ipv6 != null) {
            ipv6.close();
        }
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for arrays that are neither 4 nor 16 bytes long
        }
    }
}
