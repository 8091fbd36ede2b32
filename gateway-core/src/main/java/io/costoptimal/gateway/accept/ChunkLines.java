package io.costoptimal.gateway.accept;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.internal.StringUtil;
import java.util.List;

/**
 * Looks at the lines before the chunks of one body, of which the decoder shows nothing, for the fault that it lets through:
 * an extension without a name, {@code 5;} (RFC 9112 section 7.1.1). Confined to the event loop of its connection.
 */
final class ChunkLines {

    private static final int CRLF = 2;

    private boolean lastChunk;

    /**
     * Looks at what one call of the decoder has consumed, and fails the body if it is faulty.
     *
     * @param in borrowed; consumed from {@code from} to its reader index
     * @param out what the call has put out; contents are released when a failure takes their place
     * @return false when it failed the body; the decoder itself does not know, and must not go on
     */
    boolean check(ByteBuf in, int from, List<Object> out) {
        int framing = in.readerIndex() - from;
        if (!out.isEmpty()) {
            HttpContent content = (HttpContent) out.get(0);
            framing -= content.content().readableBytes();
            if (content instanceof LastHttpContent) {
                return true;
            }
        }
        // A chunk's line is the first that a call consumes; the line end after a chunk may be all the framing there is.
        if (framing <= CRLF || lastChunk) {
            return true;
        }
        int end = in.indexOf(from, in.readerIndex(), HttpConstants.CR);
        lastChunk = isZero(in, from);
        if (!hasNamelessExtension(in, from, end)) {
            return true;
        }
        fail(out);
        return false;
    }

    private static boolean isZero(ByteBuf in, int from) {
        int at = from;
        while (in.getByte(at) == '0') {
            at++;
        }
        return StringUtil.decodeHexNibble(in.getByte(at)) < 0;
    }

    private static boolean hasNamelessExtension(ByteBuf in, int from, int end) {
        boolean nameDue = false;
        for (int i = from; i < end; i++) {
            byte b = in.getByte(i);
            if (b == ';') {
                if (nameDue) {
                    return true;
                }
                nameDue = true;
            } else if (b != ' ' && b != '\t') {
                nameDue = false;
            }
        }
        return nameDue;
    }

    private static void fail(List<Object> out) {
        out.forEach(content -> ((HttpContent) content).release());
        out.clear();
        LastHttpContent failed = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        failed.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("chunk extension without a name")));
        out.add(failed);
    }
}
