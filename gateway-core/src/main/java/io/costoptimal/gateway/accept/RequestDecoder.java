package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.http.FieldList;
import io.costoptimal.gateway.http.FramingGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's request decoder, stricter, and with a gate. Confined to the event loop of its connection; the gate is worked by
 * {@link Http1Connection} alone.
 *
 * <p>Stricter where only the raw lines show the fault (trap 42): separators in the request line other than one space, a
 * target beyond ASCII, folded header lines, more fields than allowed (trailers included), a second {@code Content-Length}
 * (which Netty merges on HTTP/1.0), and what {@link ChunkLines} finds. Such a message carries a failed
 * {@code decoderResult()}, like everything Netty itself refuses.
 *
 * <p>A head that is the same as the one before on its connection is not decoded again, see {@link RepeatedHead}.
 *
 * <p>The gate keeps pipelining in order without a queue of decoded messages: while one exchange runs, what follows stays
 * here as bytes (trap 27); after a refusal it is dropped unread (trap 39).
 *
 * <p>What is kept of a head between two reads, or behind the shut gate, counts against a budget of all connections together. A
 * head that finds no room is refused with {@link FramingGuard.NoRoom}; behind the shut gate nothing more is read then. A head
 * that comes whole in one read is never counted.
 */
public final class RequestDecoder extends HttpRequestDecoder {

    /** Larger than any usual read, so that a read of body bytes becomes one message. */
    private static final int MAX_CHUNK = 64 * 1024;

    /** Bytes of requests to come, kept while an exchange runs; beyond this the client is not read (trap 27). */
    private static final int MAX_HELD = 16 * 1024;

    private static final int CRLF = 2;
    private static final int NOT_OURS = -1;

    private enum Gate {
        OPEN,
        /** Bytes are kept as they are. */
        SHUT,
        /** Bytes are counted and dropped; final. */
        DROPPING
    }

    private final int maxFields;
    private final CountedInput kept;
    private final TrailerFields trailers;
    private final SeenNames names = SeenNames.local();
    private final RepeatedHead repeated = new RepeatedHead();

    private ChannelHandlerContext ctx;
    private Gate gate = Gate.OPEN;
    private boolean reading;
    private long dropped;

    private boolean inBody;
    private boolean inHead;
    private int headBytes;
    private int fields;
    private int lengthFields;

    /** {@code null} unless the body is chunked. */
    private ChunkLines chunks;

    /** Whether Netty's decoder has seen a part of the head to come, and so has to see the rest. */
    private boolean begun;

    /** Bytes to come of a body whose head was known; {@link #NOT_OURS} while Netty's decoder is at work. */
    private int bodyLeft = NOT_OURS;

    /** @param unfinished memory for heads that have not come whole and for what waits behind gates, of all connections */
    public RequestDecoder(Limits.Head limits, ByteBudget unfinished) {
        this(limits, unfinished, new TrailerFields());
    }

    private RequestDecoder(Limits.Head limits, ByteBudget unfinished, TrailerFields trailers) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.line())
                .setMaxHeaderSize(limits.bytes())
                .setMaxChunkSize(MAX_CHUNK)
                // Said explicitly, because system properties can loosen the defaults.
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false)
                .setValidateHeaders(true)
                .setHeadersFactory(FieldList.FACTORY)
                .setTrailersFactory(trailers));
        this.trailers = trailers;
        this.kept = new CountedInput(unfinished);
        maxFields = limits.count();
    }

    /** Leaves what follows undecoded until {@link #open}. */
    void shut() {
        gate = Gate.SHUT;
    }

    /** Goes on decoding; bytes that were kept are decoded after the present call, never within it. */
    void open() {
        gate = Gate.OPEN;
        if (!reading && heldBytes() > 0) {
            ctx.executor().execute(this::decodeHeld);
        }
    }

    /** Drops all that is kept and all that will be received. */
    void drop() {
        gate = Gate.DROPPING;
        if (!reading && heldBytes() > 0) {
            ctx.executor().execute(this::decodeHeld);
        }
    }

    /** Number of bytes received but not decoded. */
    int heldBytes() {
        return actualReadableBytes();
    }

    /** Whether so much is kept that the client should not be read until it is decoded. */
    boolean holdsEnough() {
        int held = heldBytes();
        return held > MAX_HELD || kept.noRoom() && held > 0;
    }

    /** Number of bytes dropped so far. */
    long droppedBytes() {
        return dropped;
    }

    /** Whether a part of a head was received. */
    boolean midHead() {
        return inHead || !inBody && heldBytes() > 0;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        this.ctx = ctx;
        super.handlerAdded(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        if (gate == Gate.DROPPING && msg instanceof ByteBuf bytes) {
            dropped += bytes.readableBytes();
            bytes.release();
            return;
        }
        decode(ctx, msg);
        if (gate == Gate.SHUT && holdsEnough()) {
            // At once, not after a few more reads: a client that sends as fast as it can would fill a buffer with each.
            ctx.channel().config().setAutoRead(false);
        }
    }

    private void decode(ChannelHandlerContext ctx, Object msg) throws Exception {
        reading = true;
        try {
            super.channelRead(ctx, msg);
        } finally {
            reading = false;
        }
        if (kept.any() || keeps()) {
            countKept();
        }
    }

    /** Whether a part of a head is kept until the rest comes, or anything until the gate opens. */
    private boolean keeps() {
        return midHead() || gate == Gate.SHUT && heldBytes() > 0;
    }

    /** What is kept: the buffer that holds the bytes, and the fields read so far. */
    private void countKept() {
        boolean keeps = gate != Gate.DROPPING && keeps() && !ctx.isRemoved();
        int bytes = keeps ? internalBuffer().capacity() + (inHead ? headBytes : 0) : 0;
        if (!kept.count(bytes) && gate == Gate.OPEN) {
            drop();
            kept.giveBack();
            HttpRequest refused = RequestHeads.unread();
            refused.setDecoderResult(DecoderResult.failure(new FramingGuard.NoRoom()));
            ctx.fireChannelRead(refused);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        kept.giveBack();
        super.handlerRemoved0(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (gate == Gate.OPEN) {
            super.channelReadComplete(ctx);
        } else {
            // Without auto-read the decoder would ask for more, since it passed nothing on; but it is not meant to have
            // more.
            ctx.fireChannelReadComplete();
        }
    }

    /** An empty read makes the decoder look at what it has kept. */
    private void decodeHeld() {
        if (ctx.isRemoved() || heldBytes() == 0 || gate == Gate.SHUT) {
            return;
        }
        try {
            decode(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (gate == Gate.SHUT) {
            return;
        }
        if (gate == Gate.DROPPING) {
            dropped += in.readableBytes();
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!inBody) {
            if (!decodeRepeated(in, out)) {
                decodeHead(ctx, in, out);
            }
        } else if (bodyLeft >= 0) {
            decodeBody(in, out);
        } else if (chunks == null) {
            super.decode(ctx, in, out);
        } else {
            int from = in.readerIndex();
            super.decode(ctx, in, out);
            if (!chunks.check(in, from, out)) {
                gate = Gate.DROPPING;
            }
        }
        if (!out.isEmpty()) {
            inBody = !(out.get(out.size() - 1) instanceof LastHttpContent);
        }
    }

    /** A head that came before goes past Netty's decoder, which then never hears of this request. */
    private boolean decodeRepeated(ByteBuf in, List<Object> out) {
        HttpRequest request = begun ? null : repeated.next(in);
        if (request == null) {
            return false;
        }
        out.add(request);
        bodyLeft = repeated.length();
        decodeBody(in, out);
        return true;
    }

    private void decodeBody(ByteBuf in, List<Object> out) {
        int n = Math.min(bodyLeft, in.readableBytes());
        if (n < bodyLeft) {
            if (n > 0) {
                bodyLeft -= n;
                out.add(new DefaultHttpContent(in.readRetainedSlice(n)));
            }
            return;
        }
        bodyLeft = NOT_OURS;
        out.add(n == 0 ? LastHttpContent.EMPTY_LAST_CONTENT : lastContent(in.readRetainedSlice(n)));
    }

    private static LastHttpContent lastContent(ByteBuf bytes) {
        return new DefaultLastHttpContent(bytes, EmptyHttpHeaders.INSTANCE);
    }

    private void decodeHead(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        boolean whole = !inHead;
        int from = whole ? firstOfLine(in) : in.readerIndex();
        super.decode(ctx, in, out);
        begun = out.isEmpty() && (inHead || in.isReadable());
        if (inHead) {
            // The request line may have been read in this very call, which then began a new count.
            headBytes += in.readerIndex() - from;
        }
        if (out.isEmpty()) {
            return;
        }
        HttpRequest request = (HttpRequest) out.get(0);
        if (request.decoderResult() instanceof HttpMessageDecoderResult head && isFolded(head)) {
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("folded header line")));
            gate = Gate.DROPPING;
        }
        inHead = false;
        boolean chunked = HttpUtil.isTransferEncodingChunked(request);
        trailers.expect(chunked);
        chunks = chunked ? new ChunkLines() : null;
        if (whole && request.decoderResult().isSuccess()) {
            repeated.remember(in, from, request);
        }
    }

    /** Empty lines before a request line are no part of it (RFC 9112 section 2.2). */
    private static int firstOfLine(ByteBuf in) {
        int at = in.readerIndex();
        while (at < in.writerIndex() && (in.getByte(at) == HttpConstants.CR || in.getByte(at) == HttpConstants.LF)) {
            at++;
        }
        return at;
    }

    /**
     * The decoder joins a folded line to the one before and leaves no trace in the value. But it tells how long all lines
     * were without their ends, and each field had exactly one name: a line end more than that belongs to a fold.
     */
    private boolean isFolded(HttpMessageDecoderResult head) {
        int lineEnds = headBytes - head.totalSize();
        return lineEnds != CRLF * (1 + fields + 1);
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        if (!initialLine[1].startsWith("/")) {
            initialLine[1] = AbsoluteForm.toOriginForm(initialLine[1]);
        }
        return super.createMessage(initialLine);
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        inHead = true;
        headBytes = 0;
        fields = 0;
        lengthFields = 0;
        requireSeparator(start == 0);
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireSeparator(line[start - 1] == ' ' && (line[start - 2] & 0xff) > ' ');
        for (int i = start; i < start + length; i++) {
            if (line[i] <= ' ' || line[i] == 0x7f) {
                throw new IllegalArgumentException("request target with bytes other than visible ASCII");
            }
        }
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireSeparator(line[start - 1] == ' ' && (line[start - 2] & 0xff) > ' ');
        return super.splitThirdWordInitialLine(line, start, length);
    }

    private static void requireSeparator(boolean single) {
        if (!single) {
            throw new IllegalArgumentException("request line with separators other than one space");
        }
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (++fields > maxFields) {
            throw new TooLongHttpHeaderException("more than " + maxFields + " header fields");
        }
        AsciiString name = names.get(line, start, length);
        if (length == HttpHeaderNames.CONTENT_LENGTH.length()
                && HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
                && ++lengthFields > 1) {
            throw new IllegalArgumentException("more than one Content-Length");
        }
        return name;
    }
}
