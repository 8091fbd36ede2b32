package io.costoptimal.gateway.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameTypes;

/** Writes the two frames that answers are made of (RFC 9113, 6.1 and 6.2), without copying what is in them. Stateless. */
final class Frames {

    /** Length of what every frame begins with. */
    static final int HEADER = 9;

    /** What every client takes (RFC 9113, 4.2). */
    static final int MAX_PAYLOAD = 16 * 1024;

    /** Bytes of a payload that are copied behind their header, which costs less than one more buffer. */
    private static final int MAX_JOINED = 1024;

    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;

    private Frames() {}

    /**
     * Writes a header block.
     *
     * @param block takes; begins with {@link #HEADER} bytes to be written over
     * @param last whether the stream ends with it
     */
    static void headers(ChannelHandlerContext ctx, int stream, ByteBuf block, boolean last) {
        int length = block.readableBytes() - HEADER;
        int first = Math.min(length, MAX_PAYLOAD);
        int flags = (last ? END_STREAM : 0) | (first == length ? END_HEADERS : 0);
        int start = block.readerIndex();
        int end = block.writerIndex();
        header(block.writerIndex(start), first, Http2FrameTypes.HEADERS, flags, stream);
        block.writerIndex(end);
        if (first == length) {
            ctx.write(block, ctx.voidPromise());
            return;
        }
        ctx.write(block.readRetainedSlice(HEADER + first), ctx.voidPromise());
        while (block.isReadable()) {
            int next = Math.min(block.readableBytes(), MAX_PAYLOAD);
            boolean whole = next == block.readableBytes();
            ByteBuf header = ctx.alloc().ioBuffer(HEADER);
            header(header, next, Http2FrameTypes.CONTINUATION, whole ? END_HEADERS : 0, stream);
            ctx.write(header, ctx.voidPromise());
            ctx.write(block.readRetainedSlice(next), ctx.voidPromise());
        }
        block.release();
    }

    /** How many frames it takes to write {@code bytes} of data; one for none. */
    static int of(int bytes) {
        return bytes <= MAX_PAYLOAD ? 1 : (bytes + MAX_PAYLOAD - 1) / MAX_PAYLOAD;
    }

    /**
     * Writes data, in as many frames as it takes.
     *
     * @param data takes; may be empty
     * @param last whether the stream ends with it
     */
    static void data(ChannelHandlerContext ctx, int stream, ByteBuf data, boolean last) {
        while (data.readableBytes() > MAX_PAYLOAD) {
            dataHeader(ctx, stream, MAX_PAYLOAD, false);
            ctx.write(data.readRetainedSlice(MAX_PAYLOAD), ctx.voidPromise());
        }
        int length = data.readableBytes();
        if (length <= MAX_JOINED) {
            ByteBuf frame = ctx.alloc().ioBuffer(HEADER + length);
            header(frame, length, Http2FrameTypes.DATA, last ? END_STREAM : 0, stream);
            frame.writeBytes(data);
            data.release();
            ctx.write(frame, ctx.voidPromise());
        } else {
            dataHeader(ctx, stream, length, last);
            ctx.write(data, ctx.voidPromise());
        }
    }

    private static void dataHeader(ChannelHandlerContext ctx, int stream, int length, boolean last) {
        ByteBuf header = ctx.alloc().ioBuffer(HEADER);
        header(header, length, Http2FrameTypes.DATA, last ? END_STREAM : 0, stream);
        ctx.write(header, ctx.voidPromise());
    }

    private static void header(ByteBuf out, int length, byte type, int flags, int stream) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }
}
