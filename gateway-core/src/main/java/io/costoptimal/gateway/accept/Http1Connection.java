package io.costoptimal.gateway.accept;

import static io.costoptimal.gateway.accept.ConnectionState.ABORTING;
import static io.costoptimal.gateway.accept.ConnectionState.BLOCKED;
import static io.costoptimal.gateway.accept.ConnectionState.BODY;
import static io.costoptimal.gateway.accept.ConnectionState.CLOSED;
import static io.costoptimal.gateway.accept.ConnectionState.HEAD;
import static io.costoptimal.gateway.accept.ConnectionState.IDLE;
import static io.costoptimal.gateway.accept.ConnectionState.SERVING;
import static io.costoptimal.gateway.accept.ConnectionState.SKIPPING;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.http.FramingGuard;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;

/**
 * One client's connection by HTTP/1: one exchange at a time, in the order of the requests, and at last a close that the client
 * understands. Confined to the event loop of its channel.
 *
 * <p>It makes an exchange of each sound head, gives that and its body to the {@link ExchangeRunner}, and owns the deadlines
 * for whatever is awaited from the client. What is answered goes out by {@link Http1Client}.
 *
 * <p>{@link ConnectionState} is what it does at a time; {@link #over} decides what follows an exchange, and
 * {@link ConnectionEnd} knows the ways to end. Longer than most classes because that machine is in one place.
 */
public final class Http1Connection extends ChannelDuplexHandler {

    private final RequestDecoder decoder;
    private final Limits.Client limits;
    private final Timeouts.Client timeouts;
    private final RequestHeads requests;
    private final Function<ClientSide, ExchangeRunner> runners;
    private final ArrivingBody arriving;

    private ChannelHandlerContext ctx;
    private Http1Client client;
    private ExchangeRunner runner;
    private LazyTimer timer;
    private ClientOutput output;
    private ConnectionEnd end;
    private ConnectionState state = IDLE;
    /** How the gateway wants to be rid of this connection; {@code null} while it does not. */
    private Shutdown leaving;
    /** How an exchange has ended that the connection's close cuts off. */
    private Outcome cutOff = Outcome.CLIENT_CANCELLED;

    /**
     * @param decoder stands right before this handler
     * @param requests makes the exchanges
     * @param runners called once, for what runs the exchanges of this client
     */
    public Http1Connection(
            RequestDecoder decoder,
            Limits.Client limits,
            Timeouts.Client timeouts,
            RequestHeads requests,
            Function<ClientSide, ExchangeRunner> runners) {
        this.decoder = decoder;
        this.limits = limits;
        this.timeouts = timeouts;
        this.requests = requests;
        this.runners = runners;
        this.arriving = new ArrivingBody(decoder);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        timer = new LazyTimer(ctx.executor(), this::expired);
        output = new ClientOutput(ctx);
        end = new ConnectionEnd(this, ctx, decoder, output);
        client = new Http1Client(this, ctx, output);
        runner = runners.apply(client);
        if (ctx.channel().isActive()) {
            start(timeouts.head());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        gone();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start(timeouts.head());
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
        boolean unmeasured = violation == FramingGuard.NO_LENGTH;
        if (violation != null && !unmeasured) {
            // Without a request line the decoder makes one up; that one is told to nobody.
            Exchange unread = begin(request instanceof FullHttpRequest ? RequestHeads.unread() : request, false);
            ReferenceCountUtil.release(request);
            runner.refuse(unread, RequestHeads.refusal(violation));
            return;
        }
        // What follows a head without a length may be its body: it is never looked at.
        Exchange exchange = begin(request, leaving == null && !unmeasured && HttpUtil.isKeepAlive(request));
        arriving.follows(request, limits.lingerBytes());
        Rejection refusal = client.refusal();
        refusal = refusal != null ? refusal : requests.misdirected(request);
        refusal = refusal != null
                ? refusal
                : Targets.refusal(request, exchange.target(), exchange.policy().operations());
        if (refusal == null && unmeasured && exchange.target().operation().needsBody()) {
            refusal = RequestHeads.refusal(violation);
        }
        if (refusal == null) {
            runner.run(exchange);
        } else {
            runner.refuse(exchange, refusal);
        }
    }

    private Exchange begin(HttpRequest request, boolean keepAlive) {
        moveTo(BODY);
        timer.stop();
        arriving.unknown();
        Exchange exchange = requests.exchange(request);
        client.begins(exchange, keepAlive);
        return exchange;
    }

    /** Takes {@code content}. What was kept while the body was held back may come when the client has left already. */
    private void body(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (state != BODY || !ctx.channel().isActive()) {
            content.release();
            if (state == SKIPPING && last) {
                next();
            }
        } else if (arriving.held()) {
            arriving.keep(content);
        } else if (content.decoderResult().isFailure()) {
            content.release();
            runner.refuse(Rejection.badRequest("The chunked body is malformed."));
        } else {
            if (last) {
                // Before the stages see it: one of them may end the exchange at once, and with it this state.
                moveTo(SERVING);
                timer.stop();
                decoder.shut();
            }
            runner.body(content.content(), last);
        }
    }

    /** Nothing more of the running exchange's body goes to the stages until {@link #resumeBody}. */
    void holdBody() {
        arriving.hold();
        timer.stop();
    }

    void resumeBody() {
        if (arriving.held()) {
            HttpContent first = arriving.release();
            arriving.awaited(timer.start(timeouts.bodyIdle().toNanos()));
            if (first != null) {
                body(first);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        switch (state) {
            case IDLE -> headBegins();
            case BODY -> bodyGoesOn();
            case LINGERING -> {
                if (decoder.droppedBytes() > lingerBytes()) {
                    end.reset();
                }
            }
            default -> {}
        }
        boolean shut = state == SERVING || state == BLOCKED || arriving.held();
        boolean read = !shut || !decoder.holdsEnough();
        if (ctx.channel().config().isAutoRead() != read) {
            ctx.channel().config().setAutoRead(read);
        }
        ctx.fireChannelReadComplete();
    }

    private void headBegins() {
        if (decoder.midHead()) {
            moveTo(HEAD);
            start(timeouts.head());
        }
    }

    /** Once per read, not per piece: a body that came in one read with its head never starts a timer. */
    private void bodyGoesOn() {
        if (arriving.held()) {
            return;
        }
        boolean first = !timer.running();
        long now = timer.start(timeouts.bodyIdle().toNanos());
        if (first) {
            arriving.awaited(now);
        } else if (arriving.slow(runner.exchange().requestBytes(), now)) {
            tooSlow();
        }
    }

    /** Whether the running exchange's body is not here, and will not be read after its answer either. */
    boolean bodyIsLeft() {
        return state == BODY && !arriving.skippable();
    }

    /**
     * The running exchange has ended: decides what becomes of the connection.
     *
     * @param whole whether the client has a whole answer
     * @param left whether the client has left by itself
     */
    void over(boolean whole, boolean left) {
        HttpContent rest = arriving.release();
        ReferenceCountUtil.release(rest);
        if (state == IDLE || state == HEAD) {
            // There was no exchange: something threw between two of them.
            end.close();
            return;
        }
        if (state != BODY && state != SERVING) {
            return;
        }
        if (rest instanceof LastHttpContent) {
            moveTo(SERVING);
        }
        if (!whole && client.delimited() && !left) {
            end.gently(false);
        } else if (!whole) {
            end.abort();
        } else if (!client.keepAlive() || bodyIsLeft()) {
            end.gently(true);
        } else if (state == BODY) {
            moveTo(SKIPPING);
            start(timeouts.linger());
        } else {
            next();
        }
    }

    /** Lets the next request come, unless the client has too much of its answers to take first. */
    private void next() {
        if (output.full() && leaving != Shutdown.DRAIN) {
            moveTo(BLOCKED);
            decoder.shut();
            output.watch();
            start(timeouts.writeStall());
            return;
        }
        moveTo(IDLE);
        if (leaving == Shutdown.DRAIN) {
            end.gently(true);
            return;
        }
        output.watch();
        start(timeouts.keepAlive());
        decoder.open();
    }

    /** Whoever closes the connection within an answer must not make that look whole. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (state == ABORTING || (state == BODY || state == SERVING) && client.relaying()) {
            output.resetOnClose();
            output.closeTransport(promise);
        } else {
            if (state == IDLE || state == HEAD || state == SKIPPING || state == BLOCKED) {
                output.permitCloseNotify();
            }
            ctx.close(promise);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (state == BLOCKED && !output.full()) {
            next();
        }
        runner.clientWritabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    private void expired() {
        switch (state) {
            case IDLE -> {
                // The answer may still be on its way to a slow client, whose next request is not due then.
                if (output.progressed()) {
                    start(timeouts.keepAlive());
                } else {
                    end.close();
                }
            }
            case HEAD -> runner.refuse(begin(RequestHeads.unread(), false), Rejection.tooSlow());
            case BODY -> tooSlow();
            case BLOCKED, FLUSHING, ABORTING -> end.stalled();
            case SKIPPING -> end.reset();
            case LINGERING -> end.lingered();
            default -> {}
        }
    }

    private void tooSlow() {
        runner.refuse(Rejection.tooSlow());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Shutdown.PART && leaving == null) {
            leaving = Shutdown.PART;
            if (!client.relaying()) {
                client.closeAfterwards();
            }
        } else if (event == Shutdown.DRAIN && leaving != Shutdown.DRAIN) {
            leaving = Shutdown.DRAIN;
            if (state == IDLE || state == BLOCKED) {
                end.gently(true);
            } else {
                client.closeAfterwards();
            }
        } else if (event == Shutdown.ABORT && state != CLOSED) {
            cutOff = Outcome.TRUNCATED;
            end.reset();
            gone();
        } else if (event instanceof SslCloseCompletionEvent said && said.isSuccess()) {
            // Over TLS, close_notify is what a FIN is without it: the client leaves.
            close(ctx, ctx.newPromise());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
        ctx.fireChannelInactive();
    }

    private void gone() {
        timer.cancel();
        if (state != CLOSED) {
            moveTo(CLOSED);
        }
        runner.finish(cutOff);
        runner.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            // The client's connection broke, or never spoke TLS; there is nobody to answer. Its end is told by
            // channelInactive.
            close(ctx, ctx.newPromise());
        } else {
            runner.defect(cause);
        }
    }

    private void start(Duration period) {
        timer.start(period.toNanos());
    }

    /** The text of the IP address at the other end, or of the client that a proxy there speaks for. */
    String address() {
        return requests.peer().address();
    }

    ConnectionState state() {
        return state;
    }

    LazyTimer timer() {
        return timer;
    }

    Timeouts.Client timeouts() {
        return timeouts;
    }

    /** Whether the running answer says itself where it ends. */
    boolean delimited() {
        return !client.relaying() || client.delimited();
    }

    /** How much a client may send after its last answer, until the connection is reset. */
    int lingerBytes() {
        return limits.lingerBytes();
    }

    void moveTo(ConnectionState to) {
        if (!state.mayMoveTo(to)) {
            throw new IllegalStateException("client connection: " + state + " -> " + to);
        }
        state = to;
    }
}
