package io.costoptimal.gateway.accept;

import static io.costoptimal.gateway.accept.ConnectionState.ABORTING;
import static io.costoptimal.gateway.accept.ConnectionState.BLOCKED;
import static io.costoptimal.gateway.accept.ConnectionState.BODY;
import static io.costoptimal.gateway.accept.ConnectionState.CLOSED;
import static io.costoptimal.gateway.accept.ConnectionState.HEAD;
import static io.costoptimal.gateway.accept.ConnectionState.IDLE;
import static io.costoptimal.gateway.accept.ConnectionState.SERVING;
import static io.costoptimal.gateway.accept.ConnectionState.SKIPPING;

import io.costoptimal.gateway.exchange.Continue;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Overdue;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.http.FramingGuard;
import io.costoptimal.gateway.http.LazyTimer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One client's connection: one exchange at a time, in the order of the requests, and at last a close that the client
 * understands. Confined to the event loop of its channel.
 *
 * <p>Inbound it turns a sound head into an {@link Exchange} and passes that and the body on. It owns every deadline of
 * the client's side while something is awaited from the client. Outbound it is the one writer of the gateway's own
 * answers: {@link Rejection}, {@link LocalAnswer} and {@link Continue} become bytes here; buffers pass untouched.
 *
 * <p>{@link ConnectionState} is what it does at a time; {@link #ended} decides what follows an exchange, and
 * {@link ConnectionEnd} knows the ways to end. Longer than most classes because that machine is in one place.
 */
public final class ClientConnection extends ChannelDuplexHandler {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(ClientConnection.class);

    private final Http1Client client = new Http1Client();
    private final RequestDecoder decoder;
    private final Limits.Client limits;
    private final Timeouts timeouts;
    private final RequestHeads requests;
    private final ExchangeWatch watch;

    private ChannelHandlerContext ctx;
    private LazyTimer timer;
    private ClientOutput output;
    private ConnectionEnd end;
    private ConnectionState state = IDLE;
    private boolean draining;
    /** How an exchange has ended that the connection's close cuts off. */
    private Outcome cutOff = Outcome.CLIENT_CANCELLED;

    /** The running exchange; {@code null} between two. */
    private Exchange exchange;
    /** Whether a whole answer of the gateway's own was written for it. */
    private boolean answered;
    /** Whether the rest of its body is worth reading for the sake of the connection. */
    private boolean skippable;

    private long begunNanos;

    /**
     * @param decoder stands right before this handler
     * @param policy asked once per exchange, which keeps it
     * @param watch told of each exchange's begin and end
     */
    public ClientConnection(
            RequestDecoder decoder,
            Limits.Client limits,
            Timeouts timeouts,
            Supplier<? extends Policy> policy,
            ExchangeWatch watch) {
        this.decoder = decoder;
        this.limits = limits;
        this.timeouts = timeouts;
        this.requests = new RequestHeads(policy);
        this.watch = watch;
    }

    /** What the stages write to. */
    public Http1Client client() {
        return client;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        client.context(ctx);
        requests.channel(ctx.channel());
        timer = new LazyTimer(ctx.executor(), this::expired);
        output = new ClientOutput(ctx);
        end = new ConnectionEnd(this, ctx, decoder, output);
        if (ctx.channel().isActive()) {
            start(timeouts.client().head());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        timer.cancel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start(timeouts.client().head());
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpRequest request) {
            head(request);
        } else if (msg instanceof HttpContent content) {
            body(content);
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    private void head(HttpRequest request) {
        if (state != IDLE && state != HEAD || !ctx.channel().isActive()) {
            ReferenceCountUtil.release(request);
            return;
        }
        FramingGuard.Violation violation = FramingGuard.check(request);
        if (violation != null) {
            // Without a request line the decoder makes one up; that one is told to nobody.
            begin(request instanceof FullHttpRequest ? RequestHeads.unread() : request, false);
            ReferenceCountUtil.release(request);
            reject(Rejection.of(violation.status(), null, violation.message()), ctx.newPromise());
            return;
        }
        begin(request, !draining && HttpUtil.isKeepAlive(request));
        skippable = RequestHeads.bodyIsSkippable(request, limits.lingerBytes());
        Rejection refusal = Targets.refusal(request, exchange.target());
        if (refusal != null) {
            reject(refusal, ctx.newPromise());
            return;
        }
        ctx.fireChannelRead(exchange);
    }

    private void begin(HttpRequest request, boolean keepAlive) {
        moveTo(BODY);
        timer.stop();
        begunNanos = ctx.executor().ticker().nanoTime();
        answered = false;
        skippable = false;
        exchange = requests.exchange(request, keepAlive);
        exchange.onEnd(this::ended);
        client.exchange(exchange);
        watch.began(exchange);
    }

    /** Takes {@code content}. */
    private void body(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (state == BODY) {
            if (content.decoderResult().isFailure()) {
                content.release();
                exchange.closeAfterwards();
                reject(Rejection.badRequest("The chunked body is malformed."), ctx.newPromise());
                return;
            }
            exchange.addRequestBytes(content.content().readableBytes());
            if (last) {
                // Before the stages see it: one of them may end the exchange at once, and with it this state.
                moveTo(SERVING);
                timer.until(begunNanos + timeouts.exchange().total().toNanos());
                decoder.shut();
            }
            ctx.fireChannelRead(content);
            return;
        }
        content.release();
        if (state == SKIPPING && last) {
            next();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        switch (state) {
            case IDLE -> headBegins();
            case BODY -> bodyGoesOn();
            case LINGERING -> {
                if (decoder.droppedBytes() > limits.lingerBytes()) {
                    end.reset();
                }
            }
            default -> {}
        }
        boolean read = state != SERVING && state != BLOCKED || !decoder.holdsEnough();
        if (ctx.channel().config().isAutoRead() != read) {
            ctx.channel().config().setAutoRead(read);
        }
        ctx.fireChannelReadComplete();
    }

    private void headBegins() {
        if (decoder.midHead()) {
            moveTo(HEAD);
            start(timeouts.client().head());
        }
    }

    /** Once per read, not per piece: a body that came in one read with its head never starts a timer. */
    private void bodyGoesOn() {
        long now = ctx.executor().ticker().nanoTime();
        long nanos = now - begunNanos;
        if (RequestHeads.bodyIsSlow(exchange.requestBytes(), nanos)
                || nanos > timeouts.exchange().total().toNanos()) {
            tooSlow();
            return;
        }
        start(timeouts.client().bodyIdle());
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof Rejection rejection) {
            reject(rejection, promise);
        } else if (msg instanceof LocalAnswer answer) {
            answer(answer, promise);
        } else if (msg == Continue.INSTANCE) {
            proceed(promise);
        } else {
            ctx.write(msg, promise);
        }
    }

    /** Refuses the running exchange; what comes after its end is dropped, so that there is one answer (trap 25). */
    private void reject(Rejection rejection, ChannelPromise promise) {
        Exchange refused = exchange;
        if (refused == null || state == CLOSED) {
            promise.trySuccess();
            if (state == IDLE || state == HEAD) {
                end.close();
            }
            return;
        }
        if (refused.state() == ExchangeState.ANSWERING) {
            promise.trySuccess();
            refused.end(Outcome.GATEWAY_ERROR);
            return;
        }
        if (rejection.closes() || state == BODY && !skippable) {
            refused.closeAfterwards();
        }
        refused.status(rejection.status());
        try {
            ctx.writeAndFlush(OwnAnswer.of(ctx.alloc(), refused, rejection), promise);
            answered = true;
        } catch (Throwable e) {
            // No memory for a few hundred bytes; the pipeline would fail the promise, which nobody looks at, and go on.
            LOG.warn("answer_failed exchange={}", refused.id(), e);
            promise.tryFailure(e);
        }
        refused.end(answered ? OwnAnswer.outcome(refused, rejection) : Outcome.GATEWAY_ERROR);
    }

    private void answer(LocalAnswer answer, ChannelPromise promise) {
        if (exchange == null) {
            promise.trySuccess();
            return;
        }
        ByteBuf bytes;
        try {
            bytes = OwnAnswer.of(ctx.alloc(), exchange, answer);
        } catch (Throwable e) {
            promise.tryFailure(e);
            ctx.fireExceptionCaught(e);
            return;
        }
        exchange.answering(answer.status());
        answered = true;
        ctx.writeAndFlush(bytes, promise);
        exchange.end(Outcome.LOCAL);
    }

    /** An HTTP/1.0 client does not know interim answers, and one whose body is here needs none. */
    private void proceed(ChannelPromise promise) {
        if (state == BODY && exchange.http11()) {
            ctx.writeAndFlush(OwnAnswer.proceed(), promise);
        } else {
            promise.trySuccess();
        }
    }

    /** The running exchange has ended, whoever ended it: report it, then decide what becomes of the connection. */
    private void ended(Exchange over) {
        Outcome outcome = over.outcome();
        boolean whole = answered || outcome == Outcome.COMPLETED;
        exchange = null;
        try {
            watch.ended(over);
        } catch (Throwable e) {
            LOG.warn("listener_failed exchange={}", over.id(), e);
        }
        if (state == CLOSED) {
            return;
        }
        if (!whole && over.delimited() && outcome != Outcome.CLIENT_CANCELLED) {
            end.gently(false);
        } else if (!whole) {
            end.abort();
        } else if (!over.keepAlive() || state == BODY && !skippable) {
            end.gently(true);
        } else if (state == BODY) {
            moveTo(SKIPPING);
            start(timeouts.client().linger());
        } else {
            next();
        }
    }

    /** Lets the next request come, unless the client has too much of its answers to take first. */
    private void next() {
        if (output.full() && !draining) {
            moveTo(BLOCKED);
            decoder.shut();
            output.watch();
            start(timeouts.client().writeStall());
            return;
        }
        moveTo(IDLE);
        if (draining) {
            end.gently(true);
            return;
        }
        output.watch();
        start(timeouts.client().keepAlive());
        decoder.open();
    }

    /** Whoever closes the connection within an answer must not make that look whole. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (state == ABORTING || exchange != null && exchange.state() == ExchangeState.ANSWERING) {
            output.resetOnClose();
            output.closeTransport(promise);
        } else {
            ctx.close(promise);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (state == BLOCKED && !output.full()) {
            next();
        }
        ctx.fireChannelWritabilityChanged();
    }

    private void expired() {
        switch (state) {
            case IDLE -> {
                // The answer may still be on its way to a slow client, whose next request is not due then.
                if (output.progressed()) {
                    start(timeouts.client().keepAlive());
                } else {
                    end.close();
                }
            }
            case HEAD -> {
                begin(RequestHeads.unread(), false);
                tooSlow();
            }
            case BODY -> tooSlow();
            case SERVING -> overdue();
            case BLOCKED, FLUSHING, ABORTING -> end.stalled();
            case SKIPPING -> end.reset();
            // Not by a reset: what is still under way to a client that reads slowly is for the kernel to deliver.
            case LINGERING -> end.closeTransport();
            default -> {}
        }
    }

    /** The exchange has taken longer than any may, although nobody was too slow for the other deadlines. */
    private void overdue() {
        Exchange late = exchange;
        ctx.fireUserEventTriggered(Overdue.INSTANCE);
        if (!late.ended()) {
            reject(Rejection.of(504, "exchange_timeout", "The request took too long."), ctx.newPromise());
        }
    }

    private void tooSlow() {
        reject(Rejection.of(408, null, "The request did not arrive in time."), ctx.newPromise());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Shutdown.DRAIN && !draining) {
            draining = true;
            if (state == IDLE || state == BLOCKED) {
                end.gently(true);
            } else if (exchange != null) {
                exchange.closeAfterwards();
            }
        } else if (event == Shutdown.ABORT && state != CLOSED) {
            cutOff = Outcome.TRUNCATED;
            end.reset();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The stages first, so that they let go of what they hold while the exchange still runs. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        timer.cancel();
        if (state != CLOSED) {
            moveTo(CLOSED);
        }
        ctx.fireChannelInactive();
        if (exchange != null) {
            exchange.end(cutOff);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            close(ctx, ctx.newPromise());
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void start(Duration period) {
        timer.start(period.toNanos());
    }

    ConnectionState state() {
        return state;
    }

    LazyTimer timer() {
        return timer;
    }

    Timeouts.Client timeouts() {
        return timeouts.client();
    }

    void moveTo(ConnectionState to) {
        if (!state.mayMoveTo(to)) {
            throw new IllegalStateException("client connection: " + state + " -> " + to);
        }
        state = to;
    }
}
