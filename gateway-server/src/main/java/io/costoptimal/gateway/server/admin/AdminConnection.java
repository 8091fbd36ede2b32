package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.accept.CloseNotifyGuard;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.server.admin.Request.Peer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * One connection of an operator: one request at a time, looked at when its head is there, read whole, and answered. Confined to
 * the listener's event loop, but for {@link #whole} and {@link #streamed}, by which other threads bring answers.
 */
final class AdminConnection extends SimpleChannelInboundHandler<HttpObject> implements Question.Asker {

    /** What is lost if the connection is closed, the least first. */
    enum Standing {
        /** Nothing: no request is being answered. */
        WAITS,
        /** Little: the last answer is with the system, which sends what the client has not read yet. */
        CLOSES,
        /** The rest of an answer which its client, who has shown no key, does not read. */
        UNREAD,
        /** An answer that is being found, or one for somebody with a key. Such a connection is kept. */
        ANSWERED
    }

    /** A request comes within this time, or the connection is closed; and so is one whose client does not take its answer. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Parts of requests that are read ahead; a client that sends more is not read until it is answered. */
    static final int MOST_AHEAD = 16;

    private final Site site;
    private final Gate gate;
    private final Threads threads;

    private ChannelHandlerContext ctx;
    /** {@code null} without TLS. */
    private CloseNotifyGuard closeNotify;

    private LazyTimer timer;

    /** What is read or answered; {@code null} between two requests. */
    private IncomingRequest incoming;

    private boolean keepAlive;

    /** Whether the request that is answered came with a key or a session that was needed. */
    private boolean keyed;

    /** What has come behind the request that is answered. */
    private final Deque<HttpObject> ahead = new ArrayDeque<>();

    /** Whether an answer is awaited or written. */
    private boolean busy;

    /** Whether the last answer is written. */
    private boolean closing;

    /** Whether {@link #goOn} runs. */
    private boolean takes;

    /** What is being answered; {@code null} when nothing is. */
    private Question question;

    private Future<?> limit;

    /** Where the answer is streamed to; {@code null} unless it is. */
    private volatile ChannelOutput output;

    AdminConnection(Site site, Gate gate, Threads threads) {
        this.site = site;
        this.gate = gate;
        this.threads = threads;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ctx = context;
        closeNotify = CloseNotifyGuard.below(context.pipeline());
        timer = new LazyTimer(context.executor(), context::close);
        timer.start(PATIENCE_NANOS);
        context.read();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (!closing) {
            ahead.add(ReferenceCountUtil.retain(message));
            goOn();
        }
    }

    /** Reads on while an answer is awaited too, or nobody would notice that the client has left. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (closing || ahead.size() < MOST_AHEAD) {
            context.read();
        }
    }

    /** Takes what has come, up to the end of a request; the rest once that is answered. */
    private void goOn() {
        if (takes) {
            return;
        }
        takes = true;
        while (!busy && !ahead.isEmpty()) {
            HttpObject message = ahead.remove();
            try {
                take(message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
        takes = false;
    }

    private void take(HttpObject message) {
        if (message.decoderResult().isFailure()) {
            keepAlive = false;
            send(new Refused(400, "bad_request", "This is no HTTP request.").answer());
            return;
        }
        if (message instanceof HttpRequest request) {
            begin(request);
        }
        if (incoming != null && message instanceof HttpContent content) {
            take(content);
        }
    }

    private void begin(HttpRequest request) {
        incoming = new IncomingRequest(request, peer(), site, gate);
        keepAlive = incoming.keepAlive();
        keyed = incoming.keyed();
        if (incoming.expectsContinue()) {
            if (incoming.refusal() == null) {
                ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            } else {
                keepAlive = false;
                send(incoming.refusal());
            }
        }
    }

    private Peer peer() {
        if (!(ctx.channel().localAddress() instanceof InetSocketAddress local)) {
            return Peer.BY_FILE;
        }
        InetAddress own = local.getAddress();
        InetAddress client = ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
        return new Peer(client.getHostAddress(), NetUtil.toAddressString(own), own.isLoopbackAddress());
    }

    private void take(HttpContent content) {
        if (!incoming.take(content)) {
            keepAlive = false;
            send(new Refused(413, "body_too_long", "The body is too long.").answer());
        } else if (content instanceof LastHttpContent && incoming.refusal() != null) {
            send(incoming.refusal());
        } else if (content instanceof LastHttpContent) {
            ask();
        }
    }

    private void ask() {
        busy = true;
        timer.stop();
        Route route = incoming.route();
        question = new Question(route, incoming.request(), this);
        if (route.threads() == Threads.Kind.NONE) {
            question.run();
            return;
        }
        try {
            threads.run(route.threads(), question);
        } catch (Refused e) {
            send(e.answer());
            return;
        }
        if (route.threads().limit() != null) {
            limit = ctx.executor()
                    .schedule(this::overdue, route.threads().limit().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void overdue() {
        question.cancel();
        if (output == null) {
            send(Refused.busy("timeout", "This takes too long; ask for less.").answer());
        } else {
            ctx.close();
        }
    }

    /** What would be lost if this were closed now. */
    Standing standing() {
        if (!busy) {
            return Standing.WAITS;
        }
        if (closing) {
            return Standing.CLOSES;
        }
        return question == null && !keyed ? Standing.UNREAD : Standing.ANSWERED;
    }

    @Override
    public void whole(Question asked, Answer answer) {
        if (ctx.executor().inEventLoop()) {
            deliver(asked, answer);
        } else {
            ctx.executor().execute(() -> deliver(asked, answer));
        }
    }

    private void deliver(Question asked, Answer answer) {
        if (question == asked) {
            send(answer);
        }
    }

    private void send(Answer answer) {
        busy = true;
        settle();
        byte[] bytes = answer.body();
        HttpHeaders fields = AnswerHead.of(answer);
        if (answer.stream() == null && answer.status() != 204 && answer.status() != 304) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        }
        boolean bare = incoming != null && incoming.wantsHeadOnly();
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                bare ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes),
                framed(fields),
                EmptyHttpHeaders.INSTANCE);
        timer.start(PATIENCE_NANOS);
        incoming = null;
        ctx.writeAndFlush(response).addListener(written -> next());
    }

    private HttpHeaders framed(HttpHeaders fields) {
        if (!keepAlive) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return fields;
    }

    /** The question is answered, one way or another. */
    private void settle() {
        question = null;
        if (limit != null) {
            limit.cancel(false);
            limit = null;
        }
    }

    private void next() {
        if (!ctx.channel().isActive()) {
            return;
        }
        keyed = false;
        if (keepAlive) {
            busy = false;
            timer.start(PATIENCE_NANOS);
            goOn();
            ctx.read();
        } else {
            // What the client still sends is read and dropped for a moment. A close with unread bytes would be a reset,
            // which can take the answer away from the client (RFC 9112, 9.6).
            closing = true;
            dropAhead();
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, -1);
            shutOutput();
            timer.start(LINGER_NANOS);
            ctx.read();
        }
    }

    private void shutOutput() {
        DuplexChannel channel = (DuplexChannel) ctx.channel();
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            closeNotify.permit();
            tls.closeOutbound().addListener(said -> channel.shutdownOutput());
        }
    }

    @Override
    public void streamed(Question asked, Answer answer) throws IOException, Refused {
        HttpHeaders fields = framed(AnswerHead.of(answer));
        if (incoming.takesChunks()) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        ChannelOutput out = new ChannelOutput(
                ctx.channel(), new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, fields));
        output = out;
        ChannelFuture sent;
        try {
            if (!incoming.takesChunks()) {
                // Only the end of the connection ends this answer. A close before all of it is sent must be a reset, or
                // the client would take a part for the whole.
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            answer.stream().writeTo(out);
            sent = out.finish();
        } catch (Throwable e) {
            if (!out.begun() && ctx.channel().isActive()) {
                output = null;
                throw e;
            }
            // Without an end, so that nobody takes this for the whole.
            ctx.close();
            return;
        }
        ctx.executor().execute(() -> {
            output = null;
            incoming = null;
            settle();
            timer.start(PATIENCE_NANOS);
            // Not before all is sent: to shut the output down drops what is still to be written.
            sent.addListener(written -> next());
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ChannelOutput streaming = output;
        if (streaming != null) {
            streaming.changed();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timer.cancel();
        dropAhead();
        if (question != null) {
            question.cancel();
            settle();
        }
        channelWritabilityChanged(context);
    }

    private void dropAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
