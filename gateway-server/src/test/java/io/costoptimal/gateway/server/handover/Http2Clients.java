package io.costoptimal.gateway.server.handover;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLException;

/**
 * Clients by HTTP/2 that share connections, of Netty's making: each asks one request after the other. They keep to RFC 9113,
 * 6.8: on a connection that has sent GOAWAY nothing more is asked; what was asked there and not processed, as the gateway says,
 * is asked again elsewhere and counted apart; everything else must be answered. {@link #start} and {@link #join} are for one
 * thread, all else is confined to one event loop.
 */
final class Http2Clients implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Tally tally;
    private final Semaphore ended = new Semaphore(0);
    private int started;

    Http2Clients(Tally tally) {
        this.tally = tally;
    }

    /** What clients offer by ALPN and believe, over TLS. */
    static SslContext trusting(Path authority) throws SSLException {
        return SslContextBuilder.forClient()
                .trustManager(authority.toFile())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
    }

    /**
     * Starts {@code n} more clients, which share one connection at a time.
     *
     * @param port asked for each connection
     * @param tls {@code null} for prior knowledge
     */
    void start(int n, IntSupplier port, SslContext tls, boolean stream) {
        started += n;
        Crowd crowd = new Crowd(port, tls, stream);
        loop.execute(() -> {
            for (int i = 0; i < n; i++) {
                crowd.ask();
            }
        });
    }

    /** Waits until every client has its last answer, which {@link Tally#stop} says. */
    void join() throws InterruptedException {
        if (!ended.tryAcquire(started, 60, TimeUnit.SECONDS)) {
            tally.failed("HTTP/2: only %d of %d clients have ended".formatted(ended.availablePermits(), started));
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Those who share a connection. */
    private final class Crowd {

        private final IntSupplier port;
        private final SslContext tls;
        private final boolean stream;
        /** Where is asked, or will be once it is connected; {@code null} when there is none that could be. */
        private Line line;

        Crowd(IntSupplier port, SslContext tls, boolean stream) {
            this.port = port;
            this.tls = tls;
            this.stream = stream;
        }

        /** One client goes on, or ends. */
        void ask() {
            if (tally.stopping()) {
                ended.release();
                return;
            }
            if (line == null) {
                connect();
            }
            line.ask();
        }

        void failed(String how) {
            tally.failed("HTTP/2" + (tls == null ? "" : " over TLS") + (stream ? ", stream: " : ", request: ") + how);
            ended.release();
        }

        private void connect() {
            Line next = new Line(this);
            line = next;
            int at = port.getAsInt();
            new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            if (tls != null) {
                                SslHandler handler = tls.newHandler(channel.alloc(), Site.HOST, at);
                                handler.setHandshakeTimeoutMillis(Clients.PATIENCE_MILLIS);
                                channel.pipeline().addLast(handler);
                            }
                            channel.pipeline()
                                    .addLast(Http2FrameCodecBuilder.forClient().build(), next);
                        }
                    })
                    .connect(InetAddress.getLoopbackAddress(), at)
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            next.lost(connected.cause().toString());
                        }
                    });
        }
    }

    /** What came of one answer. */
    private static final class Call {

        private final StringBuilder body = new StringBuilder();
        private int status;
    }

    /** One connection. */
    private final class Line extends Http2ChannelDuplexHandler {

        private final Crowd crowd;
        private final Deque<Call> waiting = new ArrayDeque<>();
        private final Map<Http2FrameStream, Call> calls = new HashMap<>();
        private ChannelHandlerContext ctx;
        private boolean ready;
        private String why = "closed";

        Line(Crowd crowd) {
            this.crowd = crowd;
        }

        void ask() {
            if (ready) {
                send(new Call());
            } else {
                waiting.add(new Call());
            }
        }

        private void send(Call call) {
            Http2FrameStream stream = newStream();
            calls.put(stream, call);
            String body = Site.body(crowd.stream);
            Http2Headers head = new DefaultHttp2Headers()
                    .method("POST")
                    .scheme(crowd.tls == null ? "http" : "https")
                    .authority(Site.HOST)
                    .path("/v1/chat/completions")
                    .add("authorization", "Bearer " + Site.KEY)
                    .add("content-length", Integer.toString(body.length()));
            ctx.write(new DefaultHttp2HeadersFrame(head).stream(stream)).addListener(sent -> {
                if (!sent.isSuccess()) {
                    why = sent.cause().toString();
                }
            });
            ctx.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(body, US_ASCII), true).stream(stream));
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            this.ctx = ctx;
            if (crowd.tls == null) {
                begin();
            }
            ctx.fireChannelActive();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done) {
                if (!done.isSuccess()) {
                    why = done.cause().toString();
                } else if (!ApplicationProtocolNames.HTTP_2.equals(
                        ctx.pipeline().get(SslHandler.class).applicationProtocol())) {
                    why = "HTTP/2 was not agreed on";
                    ctx.close();
                } else {
                    begin();
                }
            }
        }

        private void begin() {
            ready = true;
            while (!waiting.isEmpty()) {
                send(waiting.poll());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                if (msg instanceof Http2HeadersFrame head) {
                    Call call = calls.get(head.stream());
                    call.status = Integer.parseInt(head.headers().status().toString());
                    over(head.stream(), head.isEndStream());
                } else if (msg instanceof Http2DataFrame data) {
                    calls.get(data.stream()).body.append(data.content().toString(UTF_8));
                    ctx.writeAndFlush(
                            new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(data.stream()));
                    over(data.stream(), data.isEndStream());
                } else if (msg instanceof Http2ResetFrame reset) {
                    reset(reset.stream(), reset.errorCode());
                } else if (msg instanceof Http2GoAwayFrame goAway) {
                    told(goAway);
                }
            } finally {
                ReferenceCountUtil.release(msg);
            }
        }

        private void over(Http2FrameStream stream, boolean ends) {
            if (ends) {
                Call call = calls.remove(stream);
                tally.answered(crowd.stream, call.status, call.body.toString());
                crowd.ask();
            }
        }

        private void reset(Http2FrameStream stream, long code) {
            Call call = calls.remove(stream);
            if (code == Http2Error.REFUSED_STREAM.code()) {
                again();
            } else if (call != null) {
                crowd.failed("reset with " + code + " behind " + call.body);
            }
        }

        private void told(Http2GoAwayFrame goAway) {
            leave();
            if (goAway.errorCode() != Http2Error.NO_ERROR.code()) {
                why = "GOAWAY with " + goAway.errorCode();
            }
            for (Http2FrameStream stream : calls.keySet().toArray(Http2FrameStream[]::new)) {
                if (stream.id() > goAway.lastStreamId()) {
                    calls.remove(stream);
                    again();
                }
            }
        }

        private void again() {
            tally.askedAgain();
            crowd.ask();
        }

        private void leave() {
            if (crowd.line == this) {
                crowd.line = null;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            lost(why);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            why = cause.toString();
        }

        /** The connection is gone; so is what was not answered. */
        void lost(String how) {
            leave();
            calls.values().forEach(call -> crowd.failed(how + ", behind " + call.status + " " + call.body));
            waiting.forEach(call -> crowd.failed(how + ", before it was asked"));
            calls.clear();
            waiting.clear();
        }
    }
}
