package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.accept.RequestHeads;
import io.costoptimal.gateway.accept.Shutdown;
import io.costoptimal.gateway.accept.Targets;
import io.costoptimal.gateway.accept.WriteProgress;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.http.FramingGuard.Violation;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * One client's connection by HTTP/2: as many exchanges at a time as it has streams, and at last an end that tells the client
 * which of its requests were served. Confined to the event loop of its channel.
 *
 * <p>Frames, header compression, the states of streams and the windows are Netty's; the table of streams is that of its
 * connection, with an {@link Http2Client} for each, and no pipeline. Clients are used for one stream after another, like the
 * stages behind them. Answers are written frame by frame by {@link Answers} and {@link AnswerData}.
 *
 * <p>Longer than most classes because what Netty calls and what streams ask of their connection meet here.
 */
public final class Http2ClientConnection extends Http2ConnectionHandler {

    private static final RareWarning DEFECTS =
            new RareWarning(InternalLoggerFactory.getInstance(Http2ClientConnection.class));

    /** Clients without a stream that a connection keeps for its next ones. */
    private static final int SPARE = 8;

    /** Three frames may acknowledge one of data: its window, the connection's, and one for good measure. */
    private static final int ACKNOWLEDGED = 3;

    /**
     * Netty's part of a connection.
     *
     * @param settings the first that the client is sent
     * @param table hears from the encoder what the client says of it
     */
    record Codec(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, TableSize table) {}

    private final Http2Setup setup;
    private final RequestHeads requests;
    private final RequestFields fields;
    private final Function<ClientSide, ExchangeRunner> runners;
    private final PropertyKey carried;
    private final TableSize table;
    private final Deque<Http2Client> spare = new ArrayDeque<>();
    private final List<Http2Client> waiting = new ArrayList<>();
    private final ResetStreams resets = new ResetStreams();

    private ChannelHandlerContext ctx;
    private FloodGuard guard;
    private FrameTrack track;
    private ConnectionTimers timers;
    private WriteProgress output;
    private UploadWindows uploads;
    private boolean reading;
    private boolean flushing;
    private boolean writing;
    private boolean refused;
    /** How an exchange has ended that the connection's close cuts off. */
    private Outcome cutOff = Outcome.CLIENT_CANCELLED;

    Http2ClientConnection(
            Codec codec, Http2Setup setup, RequestHeads requests, Function<ClientSide, ExchangeRunner> runners) {
        super(codec.decoder(), codec.encoder(), codec.settings(), true, false);
        this.setup = setup;
        this.requests = requests;
        this.fields = new RequestFields(setup.limits().head());
        this.runners = runners;
        this.carried = connection().newKey();
        this.table = codec.table();
        gracefulShutdownTimeoutMillis(setup.timeouts().linger().toMillis());
        codec.decoder().frameListener(new Requests());
        connection().addListener(new Streams());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        this.ctx = ctx;
        guard = new FloodGuard(ctx.executor().ticker());
        track = new FrameTrack(guard);
        output = new WriteProgress(ctx.channel());
        uploads = new UploadWindows(
                decoder().flowController(),
                connection().connectionStream(),
                new UploadWindows.Memory(setup.bodies(), setup.unread()));
        timers = new ConnectionTimers(this, setup.timeouts());
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            opened();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        opened();
    }

    private void opened() {
        timers.opened();
        ctx.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        ByteBuf bytes = (ByteBuf) msg;
        if (refused || timers.closing()) {
            bytes.release();
            return;
        }
        reading = true;
        track.read(bytes);
        if (guard.exceeded()) {
            bytes.release();
            calm();
        } else {
            super.channelRead(ctx, msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        reading = false;
        if (!refused && guard.exceeded()) {
            calm();
        }
        timers.read(track.midHead());
        super.channelReadComplete(ctx);
    }

    /** The client does nothing but cost: it is told so, and everything it asked for is given up. */
    private void calm() {
        refused = true;
        onError(ctx, false, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "flood"));
        giveUp();
    }

    /** Stages that may write more are told after the write, since what they write must not be part of it. */
    @Override
    public void flush(ChannelHandlerContext ctx) {
        boolean outermost = !writing;
        writing = true;
        try {
            super.flush(ctx);
        } finally {
            writing = !outermost;
        }
        while (outermost && !waiting.isEmpty()) {
            waiting.remove(waiting.size() - 1).clientWritabilityChanged();
        }
    }

    /** Sends what waits, once all that this event loop has to do now is done: one write for all streams. */
    void flushSoon() {
        if (!reading && !flushing) {
            flushing = true;
            ctx.executor().execute(() -> {
                flushing = false;
                flush(ctx);
            });
        }
    }

    void flushNow() {
        flush(ctx);
    }

    /** Has {@code client} asked to go on as soon as the present write is over. */
    void notifyLater(Http2Client client) {
        waiting.add(client);
    }

    void head(Http2Stream stream, ByteBuf block) {
        stream.headersSent(false);
        Frames.headers(ctx, stream.id(), table.begin(alloc(), block), false);
    }

    void interim(Http2Stream stream, ByteBuf block) {
        Frames.headers(ctx, stream.id(), table.begin(alloc(), block), false);
        flushSoon();
    }

    void dataSent(int frames) {
        guard.useful(ACKNOWLEDGED * frames);
    }

    /**
     * The last frame of {@code stream}'s answer was written.
     *
     * @param whole whether the request has come to its end
     */
    void ended(Http2Stream stream, boolean whole) {
        guard.answered();
        closeStreamLocal(stream, ctx.newSucceededFuture());
        if (!whole) {
            reset(stream, Http2Error.NO_ERROR);
        }
    }

    /** Resets {@code stream}, at once: nothing that waits for it is sent. */
    void reset(Http2Stream stream, Http2Error why) {
        resetStream(ctx, stream.id(), why.code(), ctx.newPromise());
        flushSoon();
    }

    /** {@code bytes} of the body on {@code stream} are done with that were not when they came. */
    void consumed(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(ctx, true, e);
        }
    }

    /** Closes the stream with the write: frames of the client that are under way are nobody's then. */
    @Override
    public ChannelFuture resetStream(ChannelHandlerContext ctx, int id, long code, ChannelPromise promise) {
        Http2Stream stream = connection().stream(id);
        resets.add(id);
        if (stream == null || stream.isResetSent()) {
            return stream == null ? frameWriter().writeRstStream(ctx, id, code, promise) : promise.setSuccess();
        }
        stream.resetSent();
        ChannelFuture written = frameWriter().writeRstStream(ctx, id, code, promise);
        closeStream(stream, ctx.newSucceededFuture());
        return written;
    }

    @Override
    protected void onStreamError(ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException error) {
        int id = error.streamId();
        Http2Stream stream = connection().stream(id);
        if (stream == null && resets.contains(id)) {
            // Sent before the client knew.
            guard.control(1);
            return;
        }
        if (error instanceof HeaderListSizeException && (stream == null || client(stream) == null)) {
            tooLarge(id, stream);
            return;
        }
        guard.reset();
        super.onStreamError(ctx, outbound, cause, error);
    }

    /** Answered as HTTP/1 answers it, instead of Netty's reset. */
    private void tooLarge(int id, Http2Stream created) {
        try {
            Http2Stream stream = created == null ? connection().remote().createStream(id, false) : created;
            Rejection refusal = Rejection.of(431, null, "The request has too many or too long header fields.");
            begin(stream, requests.exchange(RequestHeads.unread()), refusal, false);
        } catch (Http2Exception e) {
            onError(ctx, false, e);
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
        if (error == null && !(cause instanceof IOException)) {
            DEFECTS.log("connection_failed", cause);
        } else if (error != null && error.error() == Http2Error.ENHANCE_YOUR_CALM) {
            setup.floods().count(guard.flood());
        }
        super.onConnectionError(ctx, outbound, cause, error);
    }

    private Http2Client client(Http2Stream stream) {
        return stream.getProperty(carried);
    }

    /**
     * {@code stream} carries {@code exchange} from now on.
     *
     * @param refusal why that is not served; {@code null} when it is
     * @param ends whether it has no body
     */
    void begin(Http2Stream stream, Exchange exchange, Rejection refusal, boolean ends) {
        Http2Client client = spare.isEmpty() ? new Http2Client(this, runners) : spare.pop();
        stream.setProperty(carried, client);
        timers.busy();
        client.begins(stream, exchange, refusal, ends);
    }

    private void giveUp() {
        for (Http2Client client : clients()) {
            client.runner().finish(cutOff);
        }
    }

    private List<Http2Client> clients() {
        List<Http2Client> all = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                Http2Client client = client(stream);
                if (client != null) {
                    all.add(client);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == Shutdown.ABORT) {
            cutOff = Outcome.TRUNCATED;
            giveUp();
            flush(ctx);
            ctx.close();
        } else if (event == Shutdown.PART) {
            timers.part();
        } else if (event == Shutdown.DRAIN) {
            timers.drain();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(ctx, cause);
            return;
        }
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            DEFECTS.log("connection_failed", cause);
        }
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        gone();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        connection().close(ctx.newPromise());
        super.handlerRemoved0(ctx);
        gone();
    }

    private void gone() {
        timers.cancel();
        spare.forEach(Http2Client::close);
        spare.clear();
    }

    /** How an exchange ends whose stream is closed under it. */
    Outcome cutOff() {
        return cutOff;
    }

    /** Looks how far the client's socket has come with what it was given; grows as {@link WriteProgress#moves} does. */
    long outputMoves() {
        return output.moves();
    }

    /** Whether so much waits for the client's socket that a stream cannot be blamed for waiting. */
    boolean outputFull() {
        return !ctx.channel().isWritable();
    }

    UploadWindows uploads() {
        return uploads;
    }

    ChannelHandlerContext context() {
        return ctx;
    }

    Timeouts.Client timeouts() {
        return setup.timeouts();
    }

    String address() {
        return requests.peer().address();
    }

    ByteBufAllocator alloc() {
        return ctx.alloc();
    }

    EventExecutor loop() {
        return ctx.executor();
    }

    /** What the client sends, after Netty has judged it. */
    private final class Requests extends Http2EventAdapter {

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean ends)
                throws Http2Exception {
            Http2Stream stream = connection().stream(id);
            Http2Client client = client(stream);
            if (client != null) {
                // Trailers, of which no provider gets any (RFC 9110, 6.5.1).
                client.arrived(Unpooled.EMPTY_BUFFER, true);
                return;
            }
            if (connection().numActiveStreams() > Http2Setup.STREAMS) {
                guard.reset();
                reset(stream, Http2Error.REFUSED_STREAM);
                return;
            }
            RequestFields.Read read = fields.read(headers, ends);
            Exchange exchange = requests.exchange(read.request() == null ? RequestHeads.unread() : read.request());
            begin(stream, exchange, refusal(read.violation(), exchange), ends);
        }

        private Rejection refusal(Violation violation, Exchange exchange) {
            if (violation != null) {
                return RequestHeads.refusal(violation);
            }
            Rejection misdirected = requests.misdirected(exchange.request());
            return misdirected == null
                    ? Targets.refusal(
                            exchange.request(),
                            exchange.target(),
                            exchange.policy().operations())
                    : misdirected;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean ends)
                throws Http2Exception {
            onHeadersRead(ctx, id, headers, padding, ends);
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean ends) {
            Http2Client client = client(connection().stream(id));
            if (client == null) {
                return data.readableBytes() + padding;
            }
            return padding + client.arrived(data.readRetainedSlice(data.readableBytes()), ends);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            Http2Client client = client(connection().stream(id));
            if (client != null && client.unanswered()) {
                guard.reset();
            }
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) {
            Http2Setup.allowOneTooMany(connection());
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            timers.answered(data);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            timers.begun();
        }
    }

    /** What becomes of streams. */
    private final class Streams extends Http2ConnectionAdapter {

        @Override
        public void onStreamClosed(Http2Stream stream) {
            Http2Client client = stream.removeProperty(carried);
            if (client == null) {
                return;
            }
            client.closed();
            if (spare.size() < SPARE && ctx.channel().isActive()) {
                spare.push(client);
            } else {
                client.close();
            }
            timers.ended();
        }
    }
}
