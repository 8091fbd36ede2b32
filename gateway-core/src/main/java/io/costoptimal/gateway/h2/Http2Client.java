package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.CrossOrigin;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.Function;

/**
 * A client as one stream of its connection: the exchange that the stream carries, its body, and its answer. Confined to the
 * event loop of that connection, which uses it for one stream after another.
 *
 * <p>The stream outlives the exchange: what was answered may wait for the client's windows. A stream whose client takes
 * nothing for as long as {@code write_stall} is reset.
 *
 * <p>Longer than most classes because it is both ends of a stream, and all of {@link ClientSide} has to be here; what holds bytes is in
 * {@link RequestBody} and {@link AnswerData}.
 */
final class Http2Client implements ClientSide {

    /** Looks in a row that may find progress; who takes longer takes a few hundred bytes a second at most. */
    private static final int MAX_LOOKS = 10;

    private final Http2ClientConnection connection;
    private final ExchangeRunner runner;
    private final LazyTimer timer;
    private final UploadWindow window;
    private final RequestBody body;
    private final AnswerData data;

    /** {@code null} between two streams. */
    private Http2Stream stream;
    /** The one that answers are for; {@code null} before it and after its end. */
    private Exchange exchange;

    private byte[] answerFields;
    /** What had left of the answer at the last look, and how far the connection's socket was. */
    private long seen;

    private long seenMoves;
    private int looks;
    /** Whether the answer has left while the client still sends. */
    private boolean lingering;
    /** What has come since, in bytes. */
    private int unwanted;

    /** @param runners called once, for what runs the exchanges of this client */
    Http2Client(Http2ClientConnection connection, Function<ClientSide, ExchangeRunner> runners) {
        this.connection = connection;
        timer = new LazyTimer(connection.loop(), this::expired);
        window = new UploadWindow(connection.uploads());
        body = new RequestBody(window);
        data = new AnswerData(this, connection.encoder().flowController());
        runner = runners.apply(this);
    }

    ExchangeRunner runner() {
        return runner;
    }

    /**
     * {@code begun} carries {@code carried} from now on.
     *
     * @param refusal why that is not served; {@code null} when it is
     * @param ends whether it has no body
     */
    void begins(Http2Stream begun, Exchange carried, Rejection refusal, boolean ends) {
        stream = begun;
        exchange = carried;
        lingering = false;
        unwanted = 0;
        data.begins(begun);
        CrossOrigin pages = carried.policy().crossOrigin();
        answerFields = pages == null
                ? null
                : pages.answerFields(carried.request().headers().get(HttpHeaderNames.ORIGIN));
        body.begins(ends ? 0 : awaitBody());
        window.begins(begun, ends ? 0 : HttpUtil.getContentLength(carried.request(), -1L));
        if (refusal != null) {
            if (ends) {
                body.end();
            }
            runner.refuse(carried, refusal);
            return;
        }
        runner.run(carried);
        widen();
        if (ends) {
            arrived(Unpooled.EMPTY_BUFFER, true);
        }
    }

    /** A client whose key counts may send bodies of several streams at a time. */
    private void widen() {
        if (exchange != null && exchange.principal() != null) {
            window.authorised();
            if (connection.uploads().authorise()) {
                connection.flushSoon();
            }
        }
    }

    private long awaitBody() {
        return timer.start(connection.timeouts().bodyIdle().toNanos());
    }

    /**
     * The next of the body has come.
     *
     * @param bytes takes
     * @return how many of them are done with; of the others {@link Http2ClientConnection#consumed} is told later
     */
    int arrived(ByteBuf bytes, boolean last) {
        int n = bytes.readableBytes();
        if (last) {
            body.end();
            timer.stop();
        }
        if (exchange == null) {
            bytes.release();
            drop(n, last);
            return n;
        }
        if (body.held()) {
            if (body.keep(bytes, last, alloc())) {
                return 0;
            }
            runner.refuse(Rejection.overloaded("The gateway holds too many request bodies; try again."));
            return n;
        }
        if (!last) {
            window.grow(exchange.requestBytes() + n);
        }
        if (!last && body.slow(exchange.requestBytes(), awaitBody())) {
            bytes.release();
            runner.refuse(Rejection.tooSlow());
            return n;
        }
        runner.body(bytes, last);
        return n;
    }

    /** The answer is there, or on its way; nobody asks for {@code n} more bytes of the request. */
    private void drop(int n, boolean last) {
        if (last) {
            stallIfWaiting();
        } else if (lingering && (unwanted += n) > connection.lingerBytes()) {
            connection.reset(stream, Http2Error.NO_ERROR);
        }
    }

    @Override
    public void holdBody() {
        body.hold();
        timer.stop();
    }

    @Override
    public void resumeBody() {
        if (!body.held() || stream == null) {
            return;
        }
        widen();
        Http2Stream resumed = stream;
        int passed = body.release(runner, body.ended() ? 0 : awaitBody());
        if (stream == resumed) {
            connection.consumed(resumed, passed);
        }
    }

    /** Never: HTTP/2 has no chunked coding, its frames say where a body ends (RFC 9113, 8.1). */
    @Override
    public boolean takesChunks() {
        return false;
    }

    @Override
    public void begin(ResponseHead head, Ending ending, ByteBuf first) {
        try {
            if (exchange != null && stream != null) {
                connection.head(stream, Answers.relayed(alloc(), head, exchange, answerFields));
            }
        } catch (Throwable e) {
            first.release();
            throw e;
        }
        body(first);
    }

    @Override
    public void body(ByteBuf bytes) {
        if (exchange == null || stream == null) {
            bytes.release();
            return;
        }
        exchange.addResponseBytes(bytes.readableBytes());
        data.add(bytes);
    }

    @Override
    public void insert(byte[] payload) {
        body(Unpooled.wrappedBuffer(payload));
    }

    @Override
    public void flush() {
        if (data.much()) {
            connection.flushNow();
        } else {
            connection.flushSoon();
        }
    }

    @Override
    public void answer(LocalAnswer answer, boolean last) {
        if (exchange == null || stream == null) {
            return;
        }
        connection.head(stream, Answers.own(alloc(), answer, exchange, answerFields));
        // A HEAD is told the length of what it would have got, and gets nothing (RFC 9110, 9.3.2).
        if (!exchange.method().equals("HEAD")) {
            body(Unpooled.wrappedBuffer(answer.body()));
        }
    }

    @Override
    public void end() {
        forget();
        if (stream == null) {
            return;
        }
        data.end();
        connection.flushSoon();
        stallIfWaiting();
    }

    @Override
    public void abort(boolean left) {
        forget();
        if (stream == null) {
            return;
        }
        if (left || !data.waiting()) {
            connection.reset(stream, left ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
            return;
        }
        // The client gets all there is, and then learns that it is not all.
        data.reset();
        connection.flushSoon();
        stallIfWaiting();
    }

    /**
     * A stream that asks for nothing more keeps no exchange in memory, nor the configuration which that was served by, nor
     * anything of its body: whatever comes of that is dropped.
     */
    private void forget() {
        exchange = null;
        answerFields = null;
        int dropped = body.drop();
        window.ends();
        if (stream != null && dropped > 0) {
            connection.consumed(stream, dropped);
        }
    }

    /** From here on the client has to take what waits for it. */
    private void stallIfWaiting() {
        if (stream != null && exchange == null) {
            watch();
            timer.start(connection.timeouts().writeStall().toNanos());
        }
    }

    /** So many frames of the answer have left for the client's socket. */
    void dataSent(int frames) {
        connection.dataSent(frames);
    }

    /**
     * The whole answer has left. A client that still sends has a while to read it before it is asked to stop (RFC 9113, 8.1): some
     * forget an unread answer at the reset, as others do over HTTP/1 when the connection ends.
     */
    void endSent() {
        if (!body.ended()) {
            lingering = true;
            timer.start(connection.timeouts().linger().toNanos());
        }
        connection.ended(stream);
    }

    /** All that there is of an answer which broke off has left. */
    void broken() {
        connection.reset(stream, Http2Error.INTERNAL_ERROR);
    }

    /** The stage that waits to write more may do so, after the present write. */
    void takesMore() {
        connection.notifyLater(this);
    }

    /** Whether the exchange is not over yet. */
    boolean unanswered() {
        return exchange != null;
    }

    void clientWritabilityChanged() {
        runner.clientWritabilityChanged();
    }

    /** The stream is closed, by whomever; what runs for it is over. */
    void closed() {
        stream = null;
        timer.stop();
        if (exchange != null) {
            runner.finish(connection.cutOff());
        }
        body.drop();
        window.ends();
    }

    private void expired() {
        if (exchange != null) {
            runner.refuse(Rejection.tooSlow());
        } else if (stream != null) {
            if (lingering) {
                connection.reset(stream, Http2Error.NO_ERROR);
            } else if (progressed()) {
                timer.start(connection.timeouts().writeStall().toNanos());
            } else {
                connection.reset(stream, Http2Error.CANCEL);
            }
        }
    }

    /** There will be no more streams. */
    void close() {
        timer.cancel();
        runner.close();
    }

    @Override
    public boolean writable() {
        return data.writable();
    }

    @Override
    public void watch() {
        look();
        looks = 0;
    }

    /** Whether anything has moved since the last look that this stream waits for. */
    private boolean look() {
        long written = data.written();
        boolean moved = written != seen;
        seen = written;
        // As long as the socket takes all there is, the stream waits for its own window alone.
        if (connection.outputFull()) {
            long moves = connection.outputMoves();
            moved |= moves != seenMoves;
            seenMoves = moves;
        }
        return moved;
    }

    @Override
    public boolean progressed() {
        return look() && ++looks <= MAX_LOOKS;
    }

    @Override
    public void askForBody() {
        if (stream != null) {
            connection.interim(stream, Answers.proceed(alloc()));
        }
    }

    @Override
    public String address() {
        return connection.address();
    }

    @Override
    public ByteBufAllocator alloc() {
        return connection.alloc();
    }

    @Override
    public EventExecutor loop() {
        return connection.loop();
    }
}
