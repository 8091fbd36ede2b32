package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.CrossOrigin;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.http.ResponseHead.Persistence;
import io.costoptimal.gateway.stage.ClientSide;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.concurrent.EventExecutor;

/**
 * A client that speaks HTTP/1: what is answered to one exchange after another of its connection. Confined to the event loop
 * of that connection, which {@link Http1Connection} has in its hands.
 */
final class Http1Client implements ClientSide {

    /** Told over a Unix domain socket to a client by HTTP/1.0, whom nothing could tell that an answer broke off. */
    private static final Rejection NO_RESET = Rejection.of(
            505,
            null,
            "HTTP/1.1 is needed here: over a Unix domain socket, HTTP/1.0 cannot tell a whole answer from one"
                    + " that broke off.");

    private final Http1Connection connection;
    private final ChannelHandlerContext ctx;
    private final RelayedAnswer relayed;
    private final ClientOutput output;
    /** Whether the end of a connection can be a reset, which no client takes for the end of an answer. */
    private final boolean resets;

    /** The one that answers are for; {@code null} between two. */
    private Exchange exchange;
    /** False for an HTTP/1.0 client, which understands neither chunks nor interim answers. */
    private boolean http11;

    private boolean keepAlive;
    private boolean relaying;
    private boolean delimited;
    private byte[] answerFields;

    /**
     * @param ctx of {@code connection}
     * @param output what is queued in it
     */
    Http1Client(Http1Connection connection, ChannelHandlerContext ctx, ClientOutput output) {
        this.connection = connection;
        this.ctx = ctx;
        this.output = output;
        relayed = new RelayedAnswer(this, ctx);
        resets = !UnixSockets.isOne(ctx.channel());
    }

    /**
     * Answers are for {@code begun} from now on.
     *
     * @param mayStay whether the client wants to keep its connection, and may
     */
    void begins(Exchange begun, boolean mayStay) {
        exchange = begun;
        http11 = begun.request().protocolVersion().minorVersion() >= 1;
        keepAlive = mayStay;
        relaying = false;
        delimited = false;
        CrossOrigin pages = begun.policy().crossOrigin();
        answerFields = pages == null
                ? null
                : pages.answerFields(begun.request().headers().get(HttpHeaderNames.ORIGIN));
    }

    /** Why the present exchange is not served, whatever it asks for; {@code null} when it is. */
    Rejection refusal() {
        boolean served = resets || http11 || exchange.target().operation() == null;
        return served || !exchange.target().operation().proxied() ? null : NO_RESET;
    }

    /** The exchange is the last of its connection: the client, a drain, or the way its answer ends wants it so. */
    void closeAfterwards() {
        keepAlive = false;
    }

    /** Whether the connection may serve another request after this one; an answer's head must say if not. */
    boolean keepAlive() {
        return keepAlive;
    }

    /**
     * A provider's answer begins.
     *
     * @param bounded whether the client can tell an end of its connection within the answer from the end of the answer
     */
    void relays(boolean bounded) {
        relaying = true;
        delimited = bounded;
    }

    /** Whether something of a provider's answer was written. */
    boolean relaying() {
        return relaying;
    }

    /** Whether that answer says itself where it ends: by a length, by chunks, or by having no body. */
    boolean delimited() {
        return delimited;
    }

    /** What an answer that begins now says of the connection's future. */
    Persistence persistence() {
        if (!keepAlive) {
            return Persistence.CLOSE;
        }
        return http11 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
    }

    Exchange exchange() {
        return exchange;
    }

    /**
     * Header lines, each with its CRLF, that the answer must have whoever gives it; {@code null} when there are none. Not to
     * be changed.
     */
    byte[] answerFields() {
        return answerFields;
    }

    @Override
    public boolean takesChunks() {
        return http11;
    }

    @Override
    public void begin(ResponseHead head, Ending ending, ByteBuf first) {
        if (bodyGoesOn()) {
            closeAfterwards();
        }
        if (ending == Ending.END && !resets) {
            relays(true);
            relayed.beginInChunks(head, first);
            return;
        }
        if (ending == Ending.END) {
            closeAfterwards();
        }
        relays(ending != Ending.END);
        relayed.begin(head, ending, first);
    }

    /** Whether the answer comes before all of the request has: what of that is still under way is not waited for. */
    private boolean bodyGoesOn() {
        return exchange.passing() != null && !exchange.passing().ended();
    }

    @Override
    public void body(ByteBuf bytes) {
        relayed.body(bytes);
    }

    @Override
    public void insert(byte[] payload) {
        relayed.insert(payload);
    }

    @Override
    public void flush() {
        relayed.flush();
    }

    @Override
    public void answer(LocalAnswer answer, boolean last) {
        if (last || connection.bodyIsLeft()) {
            closeAfterwards();
        }
        ctx.writeAndFlush(OwnAnswer.of(ctx.alloc(), this, answer));
    }

    @Override
    public void end() {
        relayed.end();
        forget();
        connection.over(true, false);
    }

    @Override
    public void abort(boolean left) {
        forget();
        connection.over(false, left);
    }

    /** A client that asks for nothing keeps no exchange in memory, nor the configuration which that was served by. */
    private void forget() {
        exchange = null;
        answerFields = null;
    }

    @Override
    public boolean writable() {
        return !output.full();
    }

    @Override
    public void watch() {
        output.watch();
    }

    @Override
    public boolean progressed() {
        return output.progressed();
    }

    /** An HTTP/1.0 client does not know interim answers. */
    @Override
    public void askForBody() {
        if (http11) {
            ctx.writeAndFlush(OwnAnswer.proceed());
        }
    }

    @Override
    public void holdBody() {
        connection.holdBody();
    }

    @Override
    public void resumeBody() {
        connection.resumeBody();
    }

    @Override
    public String address() {
        return connection.address();
    }

    @Override
    public ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    @Override
    public EventExecutor loop() {
        return ctx.executor();
    }
}
