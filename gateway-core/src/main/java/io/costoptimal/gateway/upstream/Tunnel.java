package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Proxy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The way through a proxy: asks it for a tunnel by CONNECT (RFC 9110 section 9.3.6) and leaves the channel when there is one. */
final class Tunnel {

    private static final Pattern STATUS = Pattern.compile("status: ([0-9]{3})");

    private Tunnel() {}

    /** What a channel to {@code address} of {@code proxy} is made with; then it is told to connect to the provider's own address. */
    static ChannelHandler through(Proxy proxy, InetSocketAddress address) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                HttpProxyHandler connect = proxy.user() == null
                        ? new HttpProxyHandler(address)
                        : new HttpProxyHandler(address, proxy.user(), proxy.password());
                connect.setConnectTimeoutMillis(0); // the deadline of the whole attempt covers it
                channel.pipeline().addLast(connect, new HangUp());
            }
        };
    }

    /** Succeeds when {@code channel} leads to the provider. */
    static Future<Channel> opened(Channel channel) {
        return channel.pipeline().get(HttpProxyHandler.class).connectFuture();
    }

    /** Takes everything of the proxy out of {@code channel}. */
    static void leave(Channel channel) {
        channel.pipeline().remove(HangUp.class);
        channel.pipeline().remove(HttpProxyHandler.class);
    }

    /** Why there is no tunnel. What the proxy wrote is not repeated, except for its status. */
    static String reason(Throwable cause) {
        Matcher status = STATUS.matcher(String.valueOf(cause.getMessage()));
        if (!status.find()) {
            return "the proxy closed the connection";
        }
        String answered = "the proxy answered " + status.group(1);
        return status.group(1).equals("407") ? answered + " (its user and password are missing or wrong)" : answered;
    }

    /** Closes when the proxy sends its FIN: half a connection is no tunnel. */
    private static final class HangUp extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close();
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable told) {
            // The future of the tunnel tells the same.
            ctx.close();
        }
    }
}
