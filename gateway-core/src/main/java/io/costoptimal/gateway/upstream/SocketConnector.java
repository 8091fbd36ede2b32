package io.costoptimal.gateway.upstream;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects over TCP, and TLS where the origin wants it; names are resolved without blocking. Any event loop of any
 * transport; one for the whole process, so that TLS sessions and DNS answers are shared.
 */
public final class SocketConnector implements Connector, AutoCloseable {

    private final SslContext tls;
    private final Duration timeout;
    private final DnsServerAddressStreamProvider servers;
    private final boolean withIpv6;
    private final Map<Transport, NameServers> known = new ConcurrentHashMap<>();
    private final DeadAddresses dead = new DeadAddresses();

    /**
     * @param tls a client context, such as {@link Tls#context}; host names are verified whatever it says
     * @param timeout for resolving, connecting, a proxy and the TLS handshake together
     */
    public SocketConnector(SslContext tls, Duration timeout) {
        this(tls, timeout, DnsServerAddressStreamProviders.platformDefault());
    }

    SocketConnector(SslContext tls, Duration timeout, DnsServerAddressStreamProvider servers) {
        this(tls, timeout, servers, NameServers.machineHasIpv6());
    }

    SocketConnector(SslContext tls, Duration timeout, DnsServerAddressStreamProvider servers, boolean withIpv6) {
        this.tls = tls;
        this.timeout = timeout;
        this.servers = servers;
        this.withIpv6 = withIpv6;
    }

    @Override
    public void connect(EventLoop loop, Origin origin, ChannelHandler last, Listener listener) {
        assert loop.inEventLoop();
        new ConnectAttempt(this, loop, origin, last, listener).start();
    }

    /** Closes the resolvers' sockets. Connections that were made stay as they are. */
    @Override
    public void close() {
        known.values().forEach(NameServers::close);
        known.clear();
    }

    SslContext tls() {
        return tls;
    }

    Duration timeout() {
        return timeout;
    }

    DeadAddresses dead() {
        return dead;
    }

    NameServers nameServers(EventLoop loop) {
        return known.computeIfAbsent(
                Transport.of(loop), transport -> NameServers.of(transport, servers, timeout, withIpv6));
    }
}
