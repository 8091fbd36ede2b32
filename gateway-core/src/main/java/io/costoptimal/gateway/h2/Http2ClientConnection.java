package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.accept.RequestHeads;
import io.costoptimal.gateway.accept.Shutdown;
import io.costoptimal.gateway.accept.WriteProgress;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One client's connection by HTTP/2: as many exchanges at a time as it has streams, and at last an end that tells the client
 * which of its requests were served. Confined to the event loop of its channel.
 *
 * <p>Frames, header compression, the states of streams and the windows are Netty's. What the client sends comes in by
 * {@link ClientFrames}; {@link StreamClients} has an {@link Http2Client} for each stream, and no pipeline. Answers are written
 * frame by frame by {@link Answers} and {@link AnswerData}.
 */
public final class Http2ClientConnection extends Http2ConnectionHandler {

    private static final RareWarning DEFECTS =
            new RareWarning(InternalLoggerFactory.getInstance(Http2ClientConnection.class));

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
    private final StreamClients clients;
    private final TableSize table;
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
        this.clients = new StreamClients(this, runners);
        this.table = codec.table();
        gracefulShutdownTimeoutMillis(setup.timeouts().linger().toMillis());
        codec.decoder()
                .frameListener(new ClientFrames(
                        this,
                        clients,
                        requests,
                        new RequestFields(setup.limits().head())));
        connection().addListener(clients);
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

    /** The last frame of {@code stream}'s answer was written. */
    void ended(Http2Stream stream) {
        guard.answered();
        closeStreamLocal(stream, ctx.newSucceededFuture());
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
        if (error instanceof HeaderListSizeException && (stream == null || clients.of(stream) == null)) {
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
            clients.begin(stream, requests.exchange(RequestHeads.unread()), refusal, false);
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

    private void giveUp() {
        for (Http2Client client : clients.all()) {
            client.runner().finish(cutOff);
        }
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
        clients.close();
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

    /** The clients of its streams. */
    StreamClients clients() {
        return clients;
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

    /** How much a client may send on a stream that is answered, until it is asked to stop. */
    int lingerBytes() {
        return setup.limits().client().lingerBytes();
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

    FloodGuard guard() {
        return guard;
    }

    ConnectionTimers timers() {
        return timers;
    }
}
