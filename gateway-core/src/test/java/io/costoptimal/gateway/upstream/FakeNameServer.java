package io.costoptimal.gateway.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Knows a few names, has no answer for names that begin with {@code silent}, none for IPv6 addresses of names that begin with
 * {@code deaf}, and denies all others.
 */
final class FakeNameServer implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<String>> addresses;
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final Channel channel;

    FakeNameServer(Map<String, List<String>> addresses) {
        this.addresses = addresses;
        channel = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Answers());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    DnsServerAddressStreamProvider provider() {
        return new SingletonDnsServerAddressStreamProvider((InetSocketAddress) channel.localAddress());
    }

    /** What was asked so far, such as {@code AAAA provider.test.}. */
    List<String> questions() {
        return questions;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            questions.add(question.type().name() + ' ' + question.name());
            boolean ipv6 = question.type().equals(DnsRecordType.AAAA);
            if (question.name().startsWith("silent") || ipv6 && question.name().startsWith("deaf")) {
                return;
            }
            List<String> known = addresses.get(question.name());
            DatagramDnsResponse response = new DatagramDnsResponse(
                    query.recipient(),
                    query.sender(),
                    query.id(),
                    query.opCode(),
                    known == null ? DnsResponseCode.NXDOMAIN : DnsResponseCode.NOERROR);
            response.setRecursionAvailable(true);
            response.addRecord(DnsSection.QUESTION, question);
            for (String address : known == null ? List.<String>of() : known) {
                if (NetUtil.isValidIpV6Address(address) == ipv6) {
                    response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(),
                                    question.type(),
                                    60,
                                    Unpooled.wrappedBuffer(NetUtil.createByteArrayFromIpAddressString(address))));
                }
            }
            ctx.writeAndFlush(response);
        }
    }
}
